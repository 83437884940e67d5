"""Erasing a person for good (GDPR art. 17).

Always true here: what is written in the file of tombstones is erased before
anything is read, in whatever state the databases were restored; an erased
person keeps a random name and nothing else; erasing again changes nothing and
gives the same certificate.
"""

from pathlib import Path

from registry.identity import opening
from registry.identity.erasure import replay, tombstones


def use(path: Path, *, backup_days: int) -> None:
    """Write erasures down in the file at `path`, and carry out what it says at each opening.

    `backup_days` is for how long backups may still hold the sealed key of who was erased.
    """
    tombstones.use(path, backup_days=backup_days)
    opening.before_reading(replay.ensure)
