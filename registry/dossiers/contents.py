"""What the registry knows of one participant, pseudonymous and without anybody else's data.

People of the staff appear by function and site alone: the participant has a
right to know who saw the identity as far as that tells what was done with it,
and the staff, who act on the institute's orders, have rights of their own
(GDPR art. 15(4); CJEU C-579/21).  What they typed as a reason is left out for
the same cause: it may name colleagues or another participant; the kind of the
reason is told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm

from registry.accounts.models import Site
from registry.applications.models import Application
from registry.consents import decision
from registry.consents.decision import Decision
from registry.custody.models import CustodyAct, Holding
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.dossiers import looks, papers
from registry.dossiers.looks import Look
from registry.dossiers.models import Opposition
from registry.dossiers.papers import FormSigned, TakenBack
from registry.extracts.models import Extract, ExtractMember
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.participants import queries as participants
from registry.participants.models import Participant, ParticipantSource, Visit
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import SampleType, Unit
from registry.vocab.shipping import LineStatus


@dataclass(frozen=True)
class Tube:
    """A sample: what it is, what is left of it, where it is in general terms."""

    code: str
    sample_type: SampleType
    collected_at: datetime
    remaining: Decimal
    unit: Unit
    where: Message
    since: datetime
    #: When it was taken out of the store, and for what.
    taken_out: Sequence[tuple[datetime, CheckoutReason | None]]


@dataclass(frozen=True)
class ProjectUse:
    """A project that data or samples were prepared for, and whether they left."""

    number: str
    title: str
    purpose: Message
    recipient: str
    country: str
    prepared_at: datetime
    handed_over_at: Sequence[datetime]
    recalled_at: datetime | None
    #: How many samples were sent; none when it was data.
    samples: int = 0


@dataclass(frozen=True)
class Dossier:
    """Everything that a participant is told."""

    participant: Participant
    made_at: datetime
    visits: Sequence[tuple[date, str | None]]
    sources: Sequence[tuple[str, str]]
    uses: Mapping[Use, Decision]
    forms: Sequence[FormSigned]
    withdrawals: Sequence[TakenBack]
    oppositions: Sequence[Opposition]
    tubes: Sequence[Tube]
    projects: Sequence[ProjectUse]
    looks: Sequence[Look]


def gather(participant: Participant) -> Dossier:
    """The dossier of a participant and of whoever was merged into it, as of now.

    In a unit of work: that the journal was read for it is recorded.  Who may
    read a dossier is asked by those who call this.
    """
    everyone = list(registry_session.scalars(participants.with_aliases(participant.id)))
    return Dossier(
        participant=participant,
        made_at=clock.now(),
        visits=_visits(everyone),
        sources=_sources(everyone),
        uses=decision.decide_uses(participant.id, Use, clock.today()),
        forms=papers.forms(everyone),
        withdrawals=papers.withdrawals(everyone),
        oppositions=registry_session.scalars(
            sa.select(Opposition)
            .where(Opposition.participant_id.in_(everyone))
            .order_by(Opposition.id.desc())
        ).all(),
        tubes=_tubes(everyone),
        projects=[*_projects(everyone), *_sent(everyone)],
        looks=looks.at(everyone),
    )


def _visits(everyone: Collection[int]) -> list[tuple[date, str | None]]:
    visits = registry_session.scalars(
        sa.select(Visit)
        .where(Visit.participant_id.in_(everyone))
        .options(orm.joinedload(Visit.plan))
        .order_by(Visit.occurred_on, Visit.id)
    )
    return [(visit.occurred_on, visit.plan.name if visit.plan else None) for visit in visits]


def _sources(everyone: Collection[int]) -> list[tuple[str, str]]:
    rows = registry_session.execute(
        sa.select(ParticipantSource.system, ParticipantSource.source_code)
        .where(ParticipantSource.participant_id.in_(everyone))
        .order_by(ParticipantSource.id)
    )
    return [(row.system, row.source_code) for row in rows]


_PLACES: Mapping[HolderKind, str] = {
    HolderKind.COLLECTION_SITE: T("Drawn at {site}, not yet received").msgid,
    HolderKind.BENCH: T("In the laboratory: {site}").msgid,
    HolderKind.POSITION: T("In store: {site}").msgid,
    HolderKind.PERSON: T("Taken out for work: {site}").msgid,
    HolderKind.SHIPMENT: T("On its way, sent by {site}").msgid,
    HolderKind.PARTNER: T("With a partner of {site}").msgid,
    HolderKind.DESTROYED: T("Destroyed: {site}").msgid,
}


def _tubes(everyone: Collection[int]) -> list[Tube]:
    """Every sample, in the order in which they were registered; no place names a person."""
    taken_out = _taken_out(everyone)
    rows = registry_session.execute(
        sa.select(Sample, Holding.kind, Holding.since, Site.name)
        .join(Holding, Holding.sample_id == Sample.id)
        .join(Site, Site.id == Holding.site_id)
        .where(Sample.participant_id.in_(everyone))
        .order_by(Sample.id)
    )
    return [
        Tube(
            code=sample.code,
            sample_type=sample.sample_type,
            collected_at=sample.collected_at,
            remaining=sample.remaining,
            unit=sample.unit,
            where=Message(_PLACES[kind], {"site": site}),
            since=since,
            taken_out=taken_out.get(sample.id, ()),
        )
        for sample, kind, since, site in rows
    ]


def _taken_out(
    everyone: Collection[int],
) -> dict[int, list[tuple[datetime, CheckoutReason | None]]]:
    """When each sample was handed to somebody; what was corrected since did not happen."""
    correction = orm.aliased(CustodyAct)
    rows = registry_session.execute(
        sa.select(CustodyAct.sample_id, CustodyAct.happened_at, CustodyAct.reason)
        .join(Sample, Sample.id == CustodyAct.sample_id)
        .outerjoin(correction, correction.corrects_id == CustodyAct.id)
        .where(
            Sample.participant_id.in_(everyone),
            CustodyAct.kind == ActKind.CHECKED_OUT,
            correction.id.is_(None),
        )
        .order_by(CustodyAct.sample_id, CustodyAct.seq)
    )
    found: dict[int, list[tuple[datetime, CheckoutReason | None]]] = {}
    for sample_id, happened_at, reason in rows:
        known = CheckoutReason(reason) if reason in set(CheckoutReason) else None
        found.setdefault(sample_id, []).append((happened_at, known))
    return found


def _projects(everyone: Collection[int]) -> list[ProjectUse]:
    """Every extract that the participant is in, latest first; the requester is not named."""
    extracts = registry_session.scalars(
        sa.select(Extract)
        .where(
            Extract.id.in_(
                sa.select(ExtractMember.extract_id).where(
                    ExtractMember.participant_id.in_(everyone)
                )
            )
        )
        .options(orm.joinedload(Extract.application), orm.selectinload(Extract.downloads))
        .order_by(Extract.produced_at.desc(), Extract.id.desc())
    )
    return [
        ProjectUse(
            number=one.application.number,
            title=one.application.title,
            purpose=label(one.application.purpose),
            recipient=one.application.recipient,
            country=one.application.country,
            prepared_at=one.produced_at,
            handed_over_at=[download.downloaded_at for download in one.downloads],
            recalled_at=one.recalled_at,
        )
        for one in extracts
    ]


def _sent(everyone: Collection[int]) -> list[ProjectUse]:
    """Every shipment to another organisation that held samples of the participant, latest first."""
    rows = registry_session.execute(
        sa.select(Application, Shipment.opened_at, Shipment.sent_at, sa.func.count())
        .join(Shipment, Shipment.request == Application.number)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(Sample, Sample.id == ShipmentLine.sample_id)
        .where(Sample.participant_id.in_(everyone), ShipmentLine.status != LineStatus.TAKEN_OUT)
        .group_by(Application.id, Shipment.id)
        .order_by(Shipment.id.desc())
    )
    return [
        ProjectUse(
            number=asked.number,
            title=asked.title,
            purpose=label(asked.purpose),
            recipient=asked.recipient,
            country=asked.country,
            prepared_at=opened_at,
            handed_over_at=[] if sent_at is None else [sent_at],
            recalled_at=None,
            samples=number,
        )
        for asked, opened_at, sent_at, number in rows
    ]
