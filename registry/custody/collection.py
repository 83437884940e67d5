"""From the participant's arm to the bench: registering, receiving, centrifuging, freezing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.consents import decision
from registry.custody import policies, recording
from registry.custody.recording import Act, Holder
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants import policies as participant_policies, queries as participants
from registry.participants.models import KitDefinition, KitTube, Participant, Visit
from registry.participants.terms import queries as terms
from registry.participants.terms.kinds import Names
from registry.persistence import registry_session, transactional
from registry.samples import policies as sample_policies, service as samples
from registry.samples.ledger import Ledger
from registry.samples.models import Sample
from registry.samples.quantities import written
from registry.samples.refusals import Refusals
from registry.samples.sprec import Freezing, Spin
from registry.samples.tissue import Handling
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Use
from registry.vocab.custody import PROCESSING, ActKind, HolderKind
from registry.vocab.samples import (
    ContainerType,
    LedgerReason,
    SampleCondition,
    SampleType,
    Unit,
)
from registry.vocab.sprec import SOLIDS, Ambient
from registry.vocab.terms import Vocabulary


@dataclass(frozen=True)
class TubeIn:
    """A tube that was drawn; without a code it gets one of ours."""

    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    unit: Unit = Unit.MILLILITRE
    code: str | None = None
    kit_tube_id: int | None = None
    #: The terms of the place that its kit or its tray names.
    type_term: Names | None = None
    container_term: Names | None = None


@transactional
def register_tubes(
    actor: Actor,
    *,
    participant_id: int,
    visit_id: int | None,
    collected_at: datetime,
    tubes: Sequence[TubeIn],
) -> Sequence[Sample]:
    """Register tubes drawn from a participant, all or none, in the given order.

    :raises NotFound: there is no such participant at the actor's sites, or the
        visit is not the participant's.
    :raises RuleBroken: the participant is merged into another, or no consent
        allows collecting on that day and storing today.
    :raises InvalidInput: a code is taken or scanned twice, a volume is not
        above 0, a tube is of another cohort's kit, or the collection is still
        to come; the field is ``tubes`` (each refused tube named under it) or
        ``collected_at``.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.SAMPLE_REGISTER, participant)
    participant_policies.check_is_not_merged(participant)
    _check_visit(participant, visit_id)
    participant_policies.check_was_collected(collected_at)
    # A wall clock in the ward may run ahead; an act never happens after it was recorded.
    collected_at = min(collected_at, clock.now())
    _check_tubes(tubes)
    _check_kits(participant, tubes)
    decision.require_allowed(participant.id, Use.COLLECT, on=clock.to_paris(collected_at).date())
    decision.require_allowed(participant.id, Use.STORE, on=clock.today())

    added = samples.add(
        samples.Origin(participant.id, participant.site_id, collected_at, visit_id),
        [(drawn.code, _contents(drawn)) for drawn in tubes],
        field="tubes",
    )
    holder = Holder(HolderKind.COLLECTION_SITE, participant.site_id, participant.site.name)
    ledger = Ledger()
    for sample, drawn in zip(added, tubes, strict=True):
        ledger.enter(sample.id, drawn.volume, LedgerReason.COLLECTED)
        fields = {"volume": written(drawn.volume), "unit": drawn.unit.value}
        recording.begin(
            actor,
            sample,
            Act(ActKind.COLLECTED, collected_at, fields=fields),
            holder,
            AuditTag.SAMPLE_REGISTERED,
        )
    ledger.write()
    return added


def _contents(drawn: TubeIn) -> samples.Contents:
    return samples.Contents(
        drawn.sample_type,
        drawn.container_type,
        drawn.unit,
        drawn.kit_tube_id,
        drawn.type_term,
        drawn.container_term,
    )


def _check_visit(participant: Participant, visit_id: int | None) -> None:
    if visit_id is not None and not registry_session.scalar(
        sa.select(Visit.id).where(Visit.id == visit_id, Visit.participant_id == participant.id)
    ):
        raise NotFound(T("The participant has no such visit."), field="visit_id")


def _check_tubes(tubes: Sequence[TubeIn]) -> None:
    if not 1 <= len(tubes) <= limits.KIT_TUBES_MAX:
        raise InvalidInput(
            T("Register 1 to {most} tubes at once.", most=limits.KIT_TUBES_MAX), field="tubes"
        )
    refusals = Refusals("tubes")
    for drawn in tubes:
        with refusals.gathered(drawn.code):
            sample_policies.check_quantity(drawn.volume)
    refusals.raise_if_any()


def _check_kits(participant: Participant, tubes: Sequence[TubeIn]) -> None:
    """Refuse tubes of a kit that another cohort foresees.

    :raises InvalidInput: see above.
    """
    asked = {drawn.kit_tube_id for drawn in tubes} - {None}
    foreseen = registry_session.scalar(
        sa.select(sa.func.count())
        .select_from(KitTube)
        .join(KitTube.kit)
        .where(KitTube.id.in_(asked), KitDefinition.cohort_id == participant.cohort_id)
    )
    if foreseen != len(asked):
        raise InvalidInput(T("This kit is not one of the participant's cohort."), field="tubes")


@transactional
def receive(  # noqa: PLR0913 - each is one fact about the act
    actor: Actor,
    codes: Sequence[str],
    *,
    received_at: datetime,
    site_id: int,
    condition: SampleCondition = SampleCondition.GOOD,
    term: str | None = None,
    ambient: Ambient | None = None,
    handling: Handling | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Take tubes in at a site: from then on they are on its bench.  All or none.

    `ambient` is how they were kept from their collection on, `handling` how
    tissue was taken and fixed, `term` a term of the place that refines the condition.

    :raises InvalidInput: some cannot be received, each named under ``codes``; or
        the term is not offered.
    :raises NotFound: there is no such site.
    :raises NotPermitted: the actor receives nothing at this site.
    """
    site = registry_session.get(Site, site_id)
    if site is None:
        raise NotFound(T("There is no such site."), field="site_id")
    bench = Holder(HolderKind.BENCH, site.id, site.name)
    require(actor, Permission.SAMPLE_RECEIVE, bench)
    policies.check_past(received_at, field="received_at")
    said = terms.kept(Vocabulary.CONDITION, condition, term, field="condition")
    fields = {"condition": condition.value, **said, **_kept(ambient)}
    if handling is not None:
        _check_handling(actor, codes, handling)
        fields |= handling.as_fields()
    act = Act(ActKind.RECEIVED, received_at, comment=comment, fields=fields)
    return _record_all(actor, codes, act, bench)


def _check_handling(actor: Actor, scanned: Sequence[str], handling: Handling) -> None:
    """Refuse to say of anything but tissue how it was taken and fixed.

    :raises InvalidInput: see above, or one of the times is still to come.
    """
    for name in ("clamped_at", "fixed_at", "fixed_until"):
        moment: datetime | None = getattr(handling, name)
        if moment is not None:
            policies.check_past(moment, field=name)
    refusals = Refusals("codes")
    read = recording.read_codes(scanned, field="codes")
    for code, holding in recording.look_at_holdings(actor, read).items():
        with refusals.gathered(code):
            if holding.sample.sample_type not in SOLIDS:
                raise InvalidInput(T("{code} is no tissue: leave that empty.", code=code))
    refusals.raise_if_any()


@transactional
def process(
    actor: Actor,
    codes: Sequence[str],
    *,
    kind: ActKind,
    happened_at: datetime,
    spin: Spin | None = None,
    ambient: Ambient | None = None,
    freezing: Freezing | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Record that tubes were centrifuged, frozen or thawed; they stay where they are.

    All or none.  `spin` is how they were centrifuged from that moment on,
    `ambient` how they were kept until they were frozen, `freezing` what in.

    :raises InvalidInput: it is said how something else was done than what was,
        or some were not in a state for it; each is named under ``codes``.
    """
    require(actor, Permission.SAMPLE_RECEIVE)
    if kind not in PROCESSING:
        raise InvalidInput(
            T("Say whether the tubes were centrifuged, frozen or thawed."), field="kind"
        )
    if spin is not None and kind is not ActKind.CENTRIFUGED:
        raise InvalidInput(T("Only a centrifugation has these."), field="g")
    if ambient is not None and kind is not ActKind.FROZEN:
        raise InvalidInput(T("Say how they were kept when they are frozen."), field="ambient")
    if freezing is not None and kind is not ActKind.FROZEN:
        raise InvalidInput(T("Only a freezing has this."), field="vessel")
    policies.check_past(happened_at, field="happened_at")
    how = spin or freezing
    fields = _kept(ambient) | (how.as_fields() if how else {})
    return _record_all(actor, codes, Act(kind, happened_at, comment=comment, fields=fields), None)


def _kept(ambient: Ambient | None) -> dict[str, Any]:
    return {} if ambient is None else {"ambient": ambient.value}


def _record_all(
    actor: Actor, scanned: Sequence[str], act: Act, holder: Holder | None
) -> Sequence[Sample]:
    """Record the same act on several tubes, in the order in which they were scanned."""
    codes = recording.read_codes(scanned, field="codes")
    holdings = recording.lock_holdings(actor, codes)
    refusals = Refusals("codes")
    moments: dict[str, datetime] = {}
    for code in codes:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_RECEIVE)
            moments[code] = recording.check(act.kind, holding, act.happened_at, field="codes")
    refusals.raise_if_any()
    for code in codes:
        recording.record(actor, holdings[code], replace(act, happened_at=moments[code]), holder)
    registry_session.flush()
    return [holdings[code].sample for code in codes]
