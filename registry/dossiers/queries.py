"""Reading requests, links and oppositions, always within the actor's sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.applications.models import Application
from registry.consents.withdrawals.reach import questions
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.dossiers.models import DossierLink, DossierRequest, Opposition
from registry.extracts.models import Extract, ExtractMember
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.dossiers import OppositionState
from registry.vocab.people import Role
from registry.vocab.shipping import LineStatus

_HANDLERS = (Role.NURSE, Role.DPO)


@dataclass(frozen=True)
class Opposable:
    """What a participant can single out: questions of the forms, and projects."""

    items: Mapping[str, str]
    projects: Mapping[str, str]


def requests_of(actor: Actor, participant: Participant) -> Sequence[DossierRequest]:
    """The participant's requests for the dossier, latest first."""
    require(actor, Permission.DOSSIER_ANSWER, participant)
    return registry_session.scalars(
        sa.select(DossierRequest)
        .where(DossierRequest.participant_id.in_(participants.with_aliases(participant.id)))
        .order_by(DossierRequest.asked_on.desc(), DossierRequest.id.desc())
    ).all()


def links_of(actor: Actor, participant: Participant) -> Sequence[DossierLink]:
    """The participant's links, latest first."""
    require(actor, Permission.DOSSIER_ANSWER, participant)
    return registry_session.scalars(
        sa.select(DossierLink)
        .where(DossierLink.participant_id.in_(participants.with_aliases(participant.id)))
        .order_by(DossierLink.id.desc())
    ).all()


def link(actor: Actor, participant: Participant, link_id: int) -> DossierLink:
    """One link of the participant.

    :raises NotFound: there is none.
    """
    found = next((one for one in links_of(actor, participant) if one.id == link_id), None)
    if found is None:
        raise NotFound(T("The participant has no such link."))
    return found


def request(actor: Actor, participant: Participant, request_id: int) -> DossierRequest:
    """One request of the participant.

    :raises NotFound: there is none.
    """
    found = next((one for one in requests_of(actor, participant) if one.id == request_id), None)
    if found is None:
        raise NotFound(T("The participant has no such request."))
    return found


def oppositions(actor: Actor, *, before: int | None = None) -> Sequence[Opposition]:
    """What was opposed from home at the actor's sites: what waits first, then the latest."""
    require(actor, Permission.OPPOSITION_HANDLE)
    query = (
        _visible(actor, sa.select(Opposition))
        .options(orm.joinedload(Opposition.participant), orm.joinedload(Opposition.withdrawal))
        .order_by((Opposition.state == OppositionState.WAITING).desc(), Opposition.id.desc())
        .limit(limits.PAGE_ROWS)
    )
    if before is not None:
        query = query.where(Opposition.id < before, Opposition.state != OppositionState.WAITING)
    return registry_session.scalars(query).all()


def opposition(actor: Actor, opposition_id: int) -> Opposition:
    """One opposition.

    :raises NotFound: there is none at the actor's sites.
    """
    require(actor, Permission.OPPOSITION_HANDLE)
    found: Opposition | None = registry_session.scalar(
        _visible(actor, sa.select(Opposition)).where(Opposition.id == opposition_id)
    )
    if found is None:
        raise NotFound(T("There is no such opposition at your sites."))
    return found


def waiting(actor: Actor) -> int:
    """How many oppositions from home nobody has dealt with yet at the actor's sites."""
    require(actor, Permission.OPPOSITION_HANDLE)
    query = _visible(actor, sa.select(sa.func.count()).select_from(Opposition))
    return registry_session.scalar(query.where(Opposition.state == OppositionState.WAITING)) or 0


def opposable(actor: Actor, participant: Participant) -> Opposable:
    """What the participant can single out to oppose.

    :raises NotPermitted: it is not the participant who asks, nor the staff of the site.
    """
    require(actor, Permission.DOSSIER_READ, participant)
    everyone = participants.with_aliases(participant.id)
    in_extracts = (
        sa.select(Extract.application_id)
        .join(ExtractMember, ExtractMember.extract_id == Extract.id)
        .where(ExtractMember.participant_id.in_(everyone))
    )
    in_shipments = (
        sa.select(Shipment.request)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(Sample, Sample.id == ShipmentLine.sample_id)
        .where(Sample.participant_id.in_(everyone), ShipmentLine.status != LineStatus.TAKEN_OUT)
    )
    rows = registry_session.execute(
        sa.select(Application.number, Application.title)
        .where(sa.or_(Application.id.in_(in_extracts), Application.number.in_(in_shipments)))
        .order_by(Application.number)
    )
    return Opposable(items=questions(participant.id), projects=dict(rows.all()))


def _visible(actor: Actor, query: sa.Select) -> sa.Select:  # type: ignore[type-arg]
    scope = actor.sites(*_HANDLERS)
    query = query.join(Participant, Participant.id == Opposition.participant_id)
    return query if scope.everywhere else query.where(Participant.site_id.in_(scope.ids))
