"""Acts on tubes without a known participant: into the tray, out of it, and to their participant."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.custody import collection, policies, recording
from registry.custody.collection import TubeIn
from registry.custody.recording import Act, Holder
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants, service as visits
from registry.participants.models import KitTube, Participant
from registry.participants.terms import kinds
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import policies as sample_policies, service as samples
from registry.samples.kits.models import PrintedTube
from registry.samples.models import Sample
from registry.samples.tray import codes as tray, queries
from registry.samples.tray.models import TrayTube
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import ContainerType, SampleCondition, SampleType, Unit
from registry.vocab.sprec import Ambient
from registry.vocab.tray import REJECTIONS, TrayOutcome


@dataclass(frozen=True)
class Arrived:
    """What tubes that arrived together look like, and how they were kept until then."""

    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    unit: Unit = Unit.MILLILITRE
    condition: SampleCondition = SampleCondition.GOOD
    ambient: Ambient | None = None
    comment: str | None = None
    #: The codes of the terms of the place that were chosen.
    type_term: str | None = None
    container_term: str | None = None


@transactional
def lay(
    actor: Actor,
    scanned: Sequence[str],
    arrived: Arrived,
    *,
    site_id: int,
    sender_id: int,
    place: str,
    received_at: datetime,
) -> Sequence[TrayTube]:
    """Receive tubes of which nobody knows the participant into a tray, all or none.

    :raises NotFound: there is no such site.
    :raises NotPermitted: the actor receives nothing at this site.
    :raises InvalidInput: a code is misread, a sample's, a participant's or in
        a tray already (each is named under ``codes``), or the time is to come.
    """
    site, sender = registry_session.get(Site, site_id), registry_session.get(Site, sender_id)
    if site is None or sender is None:
        raise NotFound(T("There is no such site."), field="site_id")
    require(actor, Permission.SAMPLE_RECEIVE, Holder(HolderKind.BENCH, site.id, site.name))
    policies.check_past(received_at, field="received_at")
    sample_policies.check_quantity(arrived.volume)
    codes = recording.read_codes(scanned, field="codes")
    arrived_as = asdict(arrived) | kinds.kept(
        arrived.sample_type, arrived.type_term, arrived.container_type, arrived.container_term
    )
    tray.hold()
    samples.check_new_codes(codes, field="codes")
    tubes = [
        TrayTube(
            code=code,
            site=site,
            sender=sender,
            place=place,
            received_at=received_at,
            recorded_at=clock.now(),
            received_by_id=actor.id,
            **arrived_as,
        )
        for code in codes
    ]
    registry_session.add_all(tubes)
    registry_session.flush()
    for tube in tubes:
        audit.record(actor, AuditTag.TRAY_RECEIVED, tube, condition=arrived.condition, place=place)
    return tubes


@transactional
def attach(
    actor: Actor,
    tube_id: int,
    *,
    participant_code: str,
    plan_id: int | None,
    collected_at: datetime,
) -> Sample:
    """Make of a tube in the tray a participant's sample, which was received when the tube was.

    `plan_id` None is a visit that the protocol does not foresee.  A refusal
    leaves the tube in the tray.

    :raises NotFound: the tube does not wait, or there is no such participant
        at the actor's sites.
    :raises RuleBroken: no consent allows collecting on that day and storing
        today, or the participant is merged into another.
    :raises InvalidInput: it was collected after it was received, or the visit
        is another cohort's.
    """
    tube = _lock(actor, tube_id)
    participant = participants.get(actor, participant_code)
    require(actor, Permission.SAMPLE_REGISTER, participant)
    _check_collected(tube, collected_at)
    day = clock.to_paris(collected_at).date()
    visit = visits.open_visit(actor, participant.id, plan_id=plan_id, occurred_on=day)
    _end(actor, tube, TrayOutcome.ATTACHED, None)
    drawn = TubeIn(
        sample_type=tube.sample_type,
        container_type=tube.container_type,
        volume=tube.volume,
        unit=tube.unit,
        code=tube.code,
        kit_tube_id=_kit_tube(tube, participant),
        type_term=tube.type_term,
        container_term=tube.container_term,
    )
    [sample] = collection.register_tubes(
        actor,
        participant_id=participant.id,
        visit_id=visit.id,
        collected_at=collected_at,
        tubes=[drawn],
    )
    _receive(actor, tube, sample)
    return sample


@transactional
def reject(actor: Actor, tube_id: int, outcome: TrayOutcome, *, reason: str) -> TrayTube:
    """Send a tube in the tray back, or throw it away.

    :raises NotFound: the tube does not wait.
    :raises InvalidInput: the reason is too short.
    """
    tube = _lock(actor, tube_id)
    if outcome not in REJECTIONS:
        raise InvalidInput(T("Choose one of the values offered."), field="outcome")
    require(actor, Permission.SAMPLE_DISPOSE, tube)
    policies.check_reason(reason)
    _end(actor, tube, outcome, reason.strip())
    return tube


def _check_collected(tube: TrayTube, collected_at: datetime) -> None:
    """Refuse a collection after the receipt.

    :raises InvalidInput: see above.
    """
    if collected_at > tube.received_at:
        raise InvalidInput(
            T(
                "The tube was received on {moment}: it was collected before.",
                moment=clock.to_paris(tube.received_at).strftime("%d/%m/%Y %H:%M"),
            ),
            field="collected_at",
        )


def _receive(actor: Actor, tube: TrayTube, sample: Sample) -> None:
    """Receive the new sample when, where and as the tube was."""
    holding = recording.lock_holding(actor, sample.code, Permission.SAMPLE_REGISTER)
    fields: dict[str, Any] = {"condition": tube.condition.value, "tray": tube.place}
    if tube.ambient is not None:
        fields["ambient"] = tube.ambient.value
    if tube.received_by is not None:
        fields["received_by"] = tube.received_by.name
    happened_at = recording.check(ActKind.RECEIVED, holding, tube.received_at, field="collected_at")
    recording.record(
        actor,
        holding,
        Act(ActKind.RECEIVED, happened_at, comment=tube.comment, fields=fields),
        Holder(HolderKind.BENCH, tube.site_id, tube.site.name),
    )
    registry_session.flush()


def _lock(actor: Actor, tube_id: int) -> TrayTube:
    queries.get(actor, tube_id)
    tube = lock_row(TrayTube, tube_id)
    # Somebody else may have taken it meanwhile.
    return queries.get(actor, tube.id)


def _end(actor: Actor, tube: TrayTube, outcome: TrayOutcome, reason: str | None) -> None:
    tube.outcome, tube.reason = outcome, reason
    tube.ended_at, tube.ended_by_id = clock.now(), actor.id
    registry_session.flush()
    audit.record(actor, AuditTag.TRAY_LEFT, tube, reason=reason, outcome=outcome)


def _kit_tube(tube: TrayTube, participant: Participant) -> int | None:
    """Which tube of a printed kit it is, if it is one of the participant's cohort."""
    found = registry_session.scalar(
        sa.select(KitTube)
        .join(PrintedTube, PrintedTube.kit_tube_id == KitTube.id)
        .where(PrintedTube.code == tube.code)
    )
    is_of_cohort = found is not None and found.kit.cohort_id == participant.cohort_id
    return found.id if found is not None and is_of_cohort else None
