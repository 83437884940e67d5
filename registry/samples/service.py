"""Creating samples; custody is the one door to all but the codes printed in advance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.terms.kinds import Names
from registry.persistence import registry_session, transactional
from registry.samples import numbering, policies
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.samples.tray import codes as tray
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.samples import ContainerType, SampleType, Unit


@dataclass(frozen=True)
class Origin:
    """What tubes drawn or filled together have in common."""

    participant_id: int
    site_id: int
    collected_at: datetime
    visit_id: int | None = None


@dataclass(frozen=True)
class Contents:
    """What is in a container, and in which."""

    sample_type: SampleType
    container_type: ContainerType
    unit: Unit
    kit_tube_id: int | None = None
    #: The terms of the place by which both are called.
    type_term: Names | None = None
    container_term: Names | None = None


@transactional
def issue_codes(actor: Actor, *, count: int) -> Sequence[str]:
    """Take `count` of our own tube codes that no tube has, for labels printed in advance.

    :raises InvalidInput: none or too many are asked for.
    """
    require(actor, Permission.SAMPLE_ALIQUOT)
    if not 1 <= count <= limits.SCANS_AT_ONCE_MAX:
        raise InvalidInput(
            T("Ask for 1 to {most} codes at once.", most=limits.SCANS_AT_ONCE_MAX), field="count"
        )
    codes = numbering.next_codes(count)
    audit.record(actor, AuditTag.TUBE_CODES_ISSUED, f"tube_codes:{codes[0]}", count=count)
    return codes


def add(
    origin: Origin, tubes: Sequence[tuple[str | None, Contents]], *, field: str
) -> Sequence[Sample]:
    """Add samples with the codes given, or with ours where None; part of a custody act.

    :raises InvalidInput: a code is misread, taken or given twice; each such
        tube is named under `field`.
    """
    codes = _codes([code for code, _contents in tubes], field)
    samples = [
        Sample(
            code=code,
            participant_id=origin.participant_id,
            visit_id=origin.visit_id,
            kit_tube_id=contents.kit_tube_id,
            site_id=origin.site_id,
            sample_type=contents.sample_type,
            container_type=contents.container_type,
            type_term=contents.type_term,
            container_term=contents.container_term,
            unit=contents.unit,
            collected_at=origin.collected_at,
            recorded_at=clock.now(),
        )
        for code, (_given, contents) in zip(codes, tubes, strict=True)
    ]
    registry_session.add_all(samples)
    registry_session.flush()
    return samples


def _codes(given: Sequence[str | None], field: str) -> Sequence[str]:
    """The codes of new tubes, in order."""
    refusals = Refusals(field)
    codes: list[str | None] = []
    for typed in given:
        with refusals.gathered():
            codes.append(None if typed is None else policies.read_new_code(typed))
    check_new_codes([code for code in codes if code is not None], field=field, so_far=refusals)
    ours = iter(numbering.next_codes(codes.count(None)) if None in codes else ())
    return [next(ours) if code is None else code for code in codes]


def check_new_codes(codes: Sequence[str], *, field: str, so_far: Refusals | None = None) -> None:
    """Refuse codes that are another tube's, be it a sample or in a tray, a person's, or twice here.

    :raises InvalidInput: each such tube is named under `field`, after those refused `so_far`.
    """
    refusals = so_far or Refusals(field)
    taken = set(registry_session.scalars(sa.select(Sample.code).where(Sample.code.in_(codes))))
    waiting = tray.waiting(codes)
    plain = {code.replace("-", "") for code in codes}
    people = set(
        registry_session.scalars(sa.select(Participant.code).where(Participant.code.in_(plain)))
    )
    for code in codes:
        with refusals.gathered():
            policies.check_unused(code, taken)
            policies.check_not_waiting(code, waiting)
            policies.check_is_no_participant(code, people)
        taken.add(code)
    refusals.raise_if_any()
