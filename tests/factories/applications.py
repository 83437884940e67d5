"""A small study to count and extract from, and requests in any state."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any

from registry.access import Permission, require
from registry.applications import service
from registry.applications.criteria import Criteria
from registry.applications.models import Application
from registry.applications.service import Content
from registry.audit import record
from registry.extracts import service as extracts
from registry.kernel.actor import Actor, Grant
from registry.participants.models import Participant
from registry.persistence import unit_of_work
from registry.samples import service as samples
from registry.samples.ledger import Ledger
from registry.samples.models import Sample
from registry.samples.service import Contents, Origin
from registry.vocab.applications import Purpose, State, Variable
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Answer
from registry.vocab.people import Sex
from registry.vocab.research import RecipientKind
from registry.vocab.samples import ContainerType, LedgerReason, SampleType, Unit
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, SHARING, make_consent, make_template
from tests.factories.participants import OPERATOR, make_cohort, make_participant

COLLECTED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
REASON = "The question is sound and the samples suffice."


def both(*actors: Actor) -> Actor:
    """The first actor, holding the roles of all: a colleague who wears several hats."""
    roles = frozenset(grant.role for actor in actors for grant in actor.grants)
    return replace(actors[0], grants=frozenset(Grant(role) for role in roles))


def make_samples(
    participant: Participant,
    kinds: Sequence[SampleType] = (SampleType.SERUM,),
    *,
    volume: str = "0.5",
    collected_at: datetime = COLLECTED,
) -> Sequence[Sample]:
    """Tubes of the participant with so much in each, as if the site had always had them."""
    with unit_of_work():
        require(OPERATOR, Permission.SAMPLE_REGISTER)
        made = samples.add(
            Origin(participant.id, participant.site_id, collected_at),
            [(None, Contents(kind, ContainerType.SERUM_CLOT, Unit.MILLILITRE)) for kind in kinds],
            field="codes",
        )
        ledger = Ledger()
        for sample in made:
            ledger.enter(sample.id, Decimal(volume), LedgerReason.COLLECTED)
        ledger.write()
        record(OPERATOR, AuditTag.SAMPLE_REGISTERED, participant)
    return made


def make_donor(
    actors: People,
    *,
    cohort: str = "SLE",
    kinds: Sequence[SampleType] = (SampleType.SERUM,),
    answers: Mapping[str, Answer] | None = None,
    volume: str = "0.5",
    collected_at: datetime = COLLECTED,
    **facts: Any,
) -> Participant:
    """A participant with a consent to everything (but `answers`) and one tube of each kind."""
    with unit_of_work():
        facts.setdefault("included_on", COLLECTED.date())
        participant = make_participant(actors, cohort=make_cohort(cohort), **facts)
        form = make_template(code="DONORS", items=(*ITEMS, SHARING))
        make_consent(actors, participant, template=form, answers=answers)
        make_samples(participant, kinds, volume=volume, collected_at=collected_at)
    return participant


def make_donors(actors: People, number: int, **facts: Any) -> list[Participant]:
    """So many donors alike."""
    with unit_of_work():
        return [make_donor(actors, person_uid=token_hex(16), **facts) for _one in range(number)]


def content(**changes: Any) -> Content:
    """What a request asks for, with what a test changes."""
    usual = Content(
        title="Interferon signature in lupus",
        purpose=Purpose.ACADEMIC,
        justification="Does the interferon signature precede flares in systemic lupus?",
        recipient="Unité Inserm 1234",
        recipient_kind=RecipientKind.INSTITUTE,
        variables=(Variable.COHORT, Variable.SEX, Variable.SAMPLE_TYPE),
        criteria=Criteria(),
    )
    return replace(usual, **changes)


def make_application(
    actors: People, *, state: State = State.DRAFT, by: Actor | None = None, **changes: Any
) -> Application:
    """A request of the investigator in any state that needs no extract to exist."""
    requester = by or actors.investigator
    application = service.write(requester, content(**changes))
    number = application.number
    if state is State.WITHDRAWN:
        return service.withdraw(requester, number)
    if state is not State.DRAFT:
        service.submit(requester, number, accepts=True)
    if state is State.REFUSED:
        return service.refuse(actors.data_manager, number, reason="Too few samples are left.")
    if state in (State.APPROVED, State.PRODUCED, State.DELIVERED):
        service.approve(actors.data_manager, number, reason=REASON)
    if state in (State.PRODUCED, State.DELIVERED):
        extracts.produce(actors.data_manager, number)
        if state is State.DELIVERED:
            extracts.take(requester, number)
    return application


def make_varied_donors(actors: People, number: int) -> list[Participant]:
    """Women and men of several ages, each with serum and plasma."""
    kinds = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN)
    with unit_of_work():
        return [
            make_donor(
                actors,
                kinds=kinds,
                sex=Sex.MALE if one % 3 == 0 else Sex.FEMALE,
                birth_year=1950 + one % 40,
                diagnosis_code=f"M32.{one % 2}",
                person_uid=token_hex(16),
            )
            for one in range(number)
        ]
