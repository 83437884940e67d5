"""Taking in tubes that existed before the registry did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.access import Permission, require
from registry.custody import bulk
from registry.custody.imported import Boxes
from registry.custody.known import Existing, Facts, Known
from registry.custody.quarantine import late, policies as quarantine
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import transactional
from registry.samples import policies


@dataclass(frozen=True)
class Outcome:
    """What became of one row: taken in, known already (nothing changed), or refused."""

    code: str
    is_new: bool
    refusal: DomainError | None = None


_DIFFERENCES: dict[str, Message] = {
    "participant_id": T("its participant is another one"),
    "sample_type": T("its type is another one"),
    "container_type": T("its container is another one"),
    "volume": T("its first volume is another one"),
    "unit": T("its unit is another one"),
    "collected_at": T("its collection time is another one"),
    "parent_code": T("its parent is another one"),
    "cell": T("it never was in this cell"),
    "times": T("a time at which it was received, centrifuged or frozen is another one"),
}


@transactional
def register_existing(actor: Actor, rows: Sequence[Existing]) -> Sequence[Outcome]:
    """Take in tubes that exist, each row judged alone; the outcomes are in the rows' order.

    A tube of which the row names the box is at the site of its box; without
    one it is at the participant's, which is all that is known.  A parent stands
    in the registry or earlier in `rows`; the child's volume is
    drawn from it.  A row that says what the registry has already changes
    nothing.  No consent is asked: the tubes are there, but nothing may use
    them until one is recorded, and those of somebody who withdrew go into
    quarantine.  Give a few hundred rows at a time.

    A refusal's ``field`` is the name of the row's value that it is about.
    """
    require(actor, Permission.SAMPLE_IMPORT)
    # A box is locked before any sample is.
    boxes = Boxes(actor, rows)
    known = Known(rows)
    outcomes: list[Outcome] = []
    accepted: list[Existing] = []
    for row in rows:
        try:
            is_new = _is_new(row, known, boxes)
        except DomainError as refusal:
            outcomes.append(Outcome(row.code, is_new=False, refusal=refusal))
            continue
        if is_new:
            known.add(row)
            accepted.append(row)
        outcomes.append(Outcome(row.code, is_new=is_new))
    bulk.write(actor, accepted, known, boxes.holders)
    late.follow(actor, {row.participant_id for row in accepted})
    return outcomes


def _is_new(row: Existing, known: Known, boxes: Boxes) -> bool:
    """Whether the row is a tube that the registry does not have; refuses what cannot be."""
    if row.participant_id not in known.sites:
        raise InvalidInput(T("There is no such participant."), field="participant_id")
    policies.read_new_code(row.code)
    boxes.check_given(row)
    there = known.tubes.get(row.code)
    if there is not None:
        _check_same(row, there, is_there=boxes.was_there(row, there.cells))
        return False
    policies.check_not_waiting(row.code, known.waiting)
    policies.check_quantity(row.volume)
    _check_times(row)
    if row.parent_code is not None:
        _check_parent(row, known.tubes.get(row.parent_code))
    boxes.take(row)
    return True


def _check_same(row: Existing, there: Facts, *, is_there: bool) -> None:
    """Refuse a code that a tube with other facts has; times that the row does not give may be.

    `is_there` says whether the tube ever was where the row has it; it may have gone on since.

    :raises InvalidInput: the sentence names the first difference.
    """
    names = [name for name in _DIFFERENCES if name not in ("cell", "times")]
    differences = [name for name in names if getattr(row, name) != getattr(there, name)]
    if not set(row.times) <= there.times:
        differences.append("times")
    if not is_there:
        differences.append("cell")
    if differences:
        raise InvalidInput(
            T(
                "The registry has another tube with the code {code}: {difference}.",
                code=row.code,
                difference=_DIFFERENCES[differences[0]],
            ),
            field="code",
        )


def _check_times(row: Existing) -> None:
    """Refuse times before the collection or still to come.

    :raises InvalidInput: each such time under its own name.
    """
    errors: dict[str, list[Message]] = {}
    for name, moment in _named_times(row):
        if moment < row.collected_at:
            errors[name] = [T("This is before the collection.")]
        elif moment > clock.now():
            errors[name] = [T("This is still to come: the time cannot be after now.")]
    if errors:
        raise InvalidInput(T("Some times cannot be."), errors=errors)


def _named_times(row: Existing) -> list[tuple[str, datetime]]:
    names = ("collected_at", "received_at", "centrifuged_at", "frozen_at")
    return [(name, getattr(row, name)) for name in names if getattr(row, name) is not None]


def _check_parent(row: Existing, parent: Facts | None) -> None:
    """Refuse a child that cannot come from its parent.

    :raises InvalidInput: the parent is missing, or another person's, or was
        collected at another time, or is measured in another unit, or the
        child's type cannot come of it.
    :raises RuleBroken: the parent has less left than the child holds, or is in quarantine.
    """
    if parent is None:
        raise InvalidInput(
            T("The parent {code} is not in the registry.", code=row.parent_code),
            field="parent_code",
        )
    if parent.participant_id != row.participant_id:
        raise InvalidInput(T("The parent is another participant's."), field="parent_code")
    if parent.collected_at != row.collected_at:
        raise InvalidInput(T("The parent was collected at another time."), field="collected_at")
    policies.check_derivable(parent.sample_type, parent.container_type, row.sample_type)
    if parent.unit is not row.unit:
        raise InvalidInput(T("The parent is measured in another unit."), field="unit")
    if parent.is_barred:
        raise RuleBroken(quarantine.refusal(row.parent_code or ""), field="parent_code")
    policies.check_enough(
        row.parent_code or "", asked=row.volume, left=parent.left, unit=parent.unit
    )
