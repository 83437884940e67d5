"""The append-only record of who did and saw what.

Always true here: an entry is written in the transaction of the change it
tells of; each carries the hash of the one before; none can be changed or
removed without ``verify`` noticing; none holds an identifying value.
"""

from registry.audit.service import record, record_if_undone

__all__ = ["record", "record_if_undone"]
