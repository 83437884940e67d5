"""The worker: a process of its own that carries out background work, one task at a time.

Always true here: what is under way ends at a step's end when the process is
told to stop; a failure is told by a reference number, its cause only in the
log, which holds no value.
"""

from registry.jobs.worker import Worker

__all__ = ["Worker"]
