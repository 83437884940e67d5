"""The command line: one module for each noun, thin, acting as the operator.

Always true here: a refusal is one sentence on the error stream and a non-zero
exit, never a traceback; nothing is written outside the data directory.
"""

from registry.cli.root import main, run

__all__ = ["main", "run"]
