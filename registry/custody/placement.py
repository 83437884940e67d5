"""Putting samples into cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.samples.models import Sample


@dataclass(frozen=True)
class Placement:
    """A sample and the cell that it goes into; without a cell, the next free one."""

    code: str
    row: int | None = None
    col: int | None = None


@transactional
def place(
    actor: Actor,
    *,
    box_id: int,
    placements: Sequence[Placement],
    at: datetime | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Put samples from the bench into the cells of one box, all or none.  `at` is now by default.

    :raises NotFound: there is no such box at the actor's sites.
    :raises InvalidInput: some cannot go there (cell occupied or outside the
        box, box full, type not accepted, sample not on the bench); each is
        named under ``placements``.
    """
    raise NotImplementedError


@transactional
def move(
    actor: Actor,
    *,
    box_id: int,
    placements: Sequence[Placement],
    at: datetime | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Move samples that are in store into other cells, of the same box or of another, all or none.

    :raises NotFound: there is no such box at the actor's sites.
    :raises InvalidInput: as for `place`.
    """
    raise NotImplementedError
