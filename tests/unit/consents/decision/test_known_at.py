"""A past answer stays what it was when it is asked as known then, whatever comes to be known."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.access import Permission, require
from registry.consents.decision import Asked, Study, decide
from registry.consents.decision.facts import load
from registry.consents.signing import information, service
from registry.consents.signing.models import Consent
from registry.consents.signing.parties import Signatory
from registry.consents.templates.models import ConsentTemplate
from registry.consents.withdrawals import service as withdrawals
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.ages import adult_from
from registry.kernel.errors import DomainError
from registry.participants import handlers
from registry.participants.models import Participant
from registry.persistence import transactional
from registry.vocab.consent import (
    Answer,
    Audience,
    ChangeRule,
    Channel,
    CheckOutcome,
    SignatoryRole,
    Use,
    WithdrawalScope,
)
from registry.vocab.people import ParticipantStatus, Sex
from tests.factories.accounts import People
from tests.factories.consents import (
    attach_scan,
    check_consent,
    make_consent,
    make_template,
    make_withdrawal,
    signed_form,
)
from tests.factories.participants import OPERATOR, make_participant
from tests.unit.participants.test_handlers import Established

pytestmark = pytest.mark.usefixtures("app")

MAY = date(2026, 5, 2)
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
PROJECT = "D-2026-0001"
QUESTIONS: tuple[Asked, ...] = (
    Use.STORE,
    Use.GENETICS,
    Study(project=PROJECT),
    Study(genetics=True, commercial=True),
)
#: Of the forms: each run has its own, so that no newer version of another's speaks of it.
_numbers = count()


@dataclass(frozen=True)
class Amended:
    actor: Actor
    person_uid: str
    birth_year: int | None
    sex: Sex | None
    is_incomplete: bool
    adult_from: date | None


@transactional
def tell(handler: Callable[..., None], event: object) -> None:
    """Publish as the vault does: it has asked leave, in its own unit of work."""
    require(OPERATOR, Permission.PARTICIPANT_ENROL)
    handler(event)


class Story:
    """What happens to one participant, one hour after the other."""

    def __init__(self, actors: People) -> None:
        self.actors = actors
        self.at = START
        self.code = f"FORM{next(_numbers)}"
        with clock.frozen(self.at):
            self.form = make_template(code=self.code, proof_within_days=200)
            self.participant: Participant = make_participant(
                actors, status=ParticipantStatus.TENTATIVE
            )
        self.last: Consent | None = None
        self.corrected: set[int] = set()
        self.versions = 1

    def happens(self, act: str, day: date) -> None:
        self.at += timedelta(hours=1)
        # What the rules of recording refuse did not happen.
        with clock.frozen(self.at), suppress(DomainError):
            getattr(self, act)(day)

    def accept(self, day: date) -> None:
        self.last = make_consent(self.actors, self.participant, template=self.form, signed_on=day)

    def refuse(self, day: date) -> None:
        answers = {"research": Answer.REFUSED}
        self.last = make_consent(
            self.actors, self.participant, template=self.form, answers=answers, signed_on=day
        )

    def correct(self, day: date) -> None:
        if self.last is not None and self.last.id not in self.corrected:
            self.corrected.add(self.last.id)
            form = signed_form(self.form, {"genetics": Answer.REFUSED}, signed_on=day)
            self.last = service.correct(OPERATOR, self.last.id, form, reason="read wrongly")

    def withdraw(self, day: date) -> None:
        make_withdrawal(self.actors, self.participant, Use.ACADEMIC_RESEARCH, effective_on=day)

    def withdraw_an_item(self, day: date) -> None:
        self._withdraw(WithdrawalScope.ITEMS, day, items=["genetics"])

    def oppose_a_project(self, day: date) -> None:
        self._withdraw(WithdrawalScope.PROJECTS, day, projects=[PROJECT])

    def _withdraw(self, scope: WithdrawalScope, day: date, **named: list[str]) -> None:
        withdrawals.withdraw(
            OPERATOR,
            self.participant.id,
            scope=scope,
            channel=Channel.LETTER,
            effective_on=day,
            **named,
        )

    def scan(self, day: date) -> None:
        if self.last is not None and self.last.id not in self.corrected:
            attach_scan(self.last)

    def fail_the_check(self, day: date) -> None:
        if self.last is not None and self.last.proofs and self.last.id not in self.corrected:
            check_consent(self.actors, self.last, CheckOutcome.FAILED)

    def inform(self, day: date) -> None:
        information.inform(
            OPERATOR,
            [self.participant.id],
            template_id=self.form.id,
            informed_on=day,
            channel=Channel.LETTER,
        )

    def begin_a_version(self, day: date) -> None:
        self.versions += 1
        make_template(
            code=self.code,
            version=self.versions,
            change_rule=ChangeRule.RECONSENT,
            change_by=day,
            valid_from=date(2026, 1, 1),
        )

    def find_a_minor(self, day: date) -> None:
        """The birth date was typed wrongly: the person was not of age on inclusion."""
        born = day.replace(year=2010)
        event = Amended(
            OPERATOR, self.participant.person_uid, 2010, Sex.FEMALE, False, adult_from(born)
        )
        tell(handlers.on_person_amended, event)

    def confirm(self, day: date) -> None:
        tell(handlers.on_person_established, Established(OPERATOR, self.participant.person_uid))


ACTS = [
    "accept",
    "accept",
    "refuse",
    "correct",
    "withdraw",
    "withdraw_an_item",
    "oppose_a_project",
    "scan",
    "fail_the_check",
    "inform",
    "begin_a_version",
    "find_a_minor",
    "confirm",
]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    acts=st.lists(st.sampled_from(ACTS), min_size=2, max_size=7),
    days=st.lists(st.integers(0, 60), min_size=7, max_size=7),
)
def test_a_past_answer_never_changes_when_asked_as_known_then(
    actors: People, acts: list[str], days: list[int]
):
    story = Story(actors)
    participant = story.participant.id
    answered = []
    for act, day in zip(["confirm", "accept", *acts], [0, 0, *days], strict=False):
        on = date(2026, 3, 1) + timedelta(days=day)
        story.happens(act, on)
        answered += [
            (story.at, asked_on, asked, decide(participant, asked, asked_on))
            for asked_on in (on, MAY)
            for asked in QUESTIONS
        ]

    for known_at, asked_on, asked, then in answered:
        assert decide(participant, asked, asked_on, known_at=known_at) == then


class TestEachKindOfFact:
    """Each kind is left out until it was learnt, and counts from then on."""

    @pytest.mark.parametrize("act", sorted(set(ACTS) - {"accept", "correct", "inform"}))
    def test_it_is_not_known_before_it_was_recorded(self, actors: People, act: str):
        story = Story(actors)
        story.happens("accept", date(2026, 3, 1))
        if act == "fail_the_check":
            story.happens("scan", date(2026, 3, 1))
        before = story.at
        story.happens(act, date(2026, 3, 20))

        participant = story.participant.id
        then, now = load([participant], before)[participant], load([participant])[participant]
        assert then != now
        assert load([participant], story.at)[participant] == now

    def test_who_signed_is_read_with_the_form(self, actors: People):
        participant = make_participant(actors, birth_year=2012, adult_from=date(2030, 3, 1))
        form = make_template(code="MINORS", audience=Audience.MINOR)
        parents = (
            Signatory(SignatoryRole.PARENT),
            Signatory(SignatoryRole.SECOND_PARENT),
            Signatory(SignatoryRole.SELF),
        )
        make_consent(actors, participant, template=form, signatories=parents)

        (signed,) = load([participant.id])[participant.id].consents

        assert {one.role for one in signed.signatories} == {one.role for one in parents}
        assert signed.audience is Audience.MINOR

    def test_a_draft_asks_nothing_and_the_final_version_from_then_on(self, actors: People):
        story = Story(actors)
        story.happens("accept", date(2026, 3, 1))
        draft: ConsentTemplate = make_template(
            code=story.code,
            version=2,
            final=False,
            change_rule=ChangeRule.RECONSENT,
            change_by=MAY,
        )

        assert draft.document_id is None
        assert not load([story.participant.id])[story.participant.id].changes
