"""What a withdrawal sets off: in the same transaction, wherever the samples are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.consents import decision
from registry.consents.withdrawals.followup import service as followup
from registry.consents.withdrawals.followup.models import RecallNotice, WithdrawalRelease
from registry.consents.withdrawals.policies import IMPLIED_BY_EFFECT, Asked, effects_of
from registry.consents.withdrawals.service import withdraw
from registry.custody.forms import Printing
from registry.custody.models import CustodyAct, Holding
from registry.custody.quarantine.models import Quarantine
from registry.extracts import queries as extracts
from registry.extracts.recall import letters, queries as recall
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.applications import State
from registry.vocab.consent import (
    Channel,
    Language,
    SignatoryRole,
    Use,
    Verdict,
    WithdrawalEffect,
    WithdrawalScope,
)
from registry.vocab.custody import ActKind
from registry.vocab.withdrawals import NoticeStatus, OpenStep, ReleaseKind
from tests.factories.accounts import People
from tests.factories.applications import make_application, make_donors
from tests.factories.consents import make_withdrawal
from tests.factories.custody import (
    divide,
    make_checked_out,
    make_received,
    make_stored,
)
from tests.factories.extracts import state_of
from tests.factories.samples import make_consenting_participant
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")

PROJECTS, ITEMS, USES = WithdrawalScope.PROJECTS, WithdrawalScope.ITEMS, WithdrawalScope.USES


def in_quarantine() -> set[str]:
    return set(
        registry_session.scalars(
            sa.select(Sample.code)
            .join(Quarantine, Quarantine.sample_id == Sample.id)
            .where(Quarantine.closed_at.is_(None))
        )
    )


class TestWhatFollows:
    def test_everything_stops_contact_collection_and_use(self):
        assert effects_of(WithdrawalScope.ALL, (), ()) == {
            WithdrawalEffect.NO_CONTACT,
            WithdrawalEffect.STOP_COLLECTION,
            WithdrawalEffect.STOP_USE,
        }

    @pytest.mark.parametrize("effect", IMPLIED_BY_EFFECT)
    def test_what_is_destroyed_or_erased_is_not_used(self, effect: WithdrawalEffect):
        assert WithdrawalEffect.STOP_USE in effects_of(USES, (), [effect])

    def test_who_opposes_storing_opposes_use(self):
        assert effects_of(USES, [Use.STORE], ()) == {WithdrawalEffect.STOP_USE}

    def test_one_research_use_leaves_the_samples_where_they_are(self, actors: People):
        participant = make_consenting_participant(actors)
        make_stored(actors, participant=participant)

        make_withdrawal(actors, participant, Use.COMMERCIAL_RESEARCH)

        assert in_quarantine() == set()

    def test_an_effect_stops_its_uses_beyond_the_scope(self, actors: People):
        participant = make_consenting_participant(actors)

        made = make_withdrawal(
            actors, participant, Use.GENETICS, effects=[WithdrawalEffect.NO_CONTACT]
        )

        assert made.uses == {Use.GENETICS, Use.RECONTACT}

    def test_questions_stop_what_they_cover(self, actors: People):
        participant = make_consenting_participant(actors)

        withdraw(
            actors.nurse,
            participant.id,
            scope=ITEMS,
            items=["company"],
            channel=Channel.TELEPHONE,
            said_by=SignatoryRole.GUARDIAN,
        )

        found = decision.decide_uses(participant.id, Use, clock.today())
        assert found[Use.COMMERCIAL_RESEARCH].verdict is Verdict.DENY
        assert found[Use.ACADEMIC_RESEARCH].is_allowed

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"scope": USES}, "uses"),
            ({"scope": ITEMS}, "items"),
            ({"scope": PROJECTS}, "projects"),
            (
                {
                    "scope": PROJECTS,
                    "projects": ["D-2026-0001"],
                    "effects": [WithdrawalEffect.DESTROY_SAMPLES],
                },
                "effects",
            ),
            ({"scope": WithdrawalScope.ALL, "said_by": SignatoryRole.WITNESS}, "said_by"),
            (
                {
                    "scope": WithdrawalScope.ALL,
                    "effective_on": clock.today() + timedelta(days=1),
                },
                "effective_on",
            ),
        ],
    )
    def test_what_says_nothing_or_too_much_is_refused(
        self, actors: People, facts: dict[str, object], field: str
    ):
        participant = make_consenting_participant(actors)
        with pytest.raises(InvalidInput) as refused:
            withdraw(actors.nurse, participant.id, channel=Channel.LETTER, **facts)
        assert refused.value.field == field


class TestSamples:
    def test_all_are_in_quarantine_and_stay_with_whom_they_are(self, actors: People):
        participant = make_consenting_participant(actors)
        parent = make_received(actors, participant=participant)
        [child] = divide(actors, parent.code, "0.5")
        stored = make_stored(actors, participant=participant)
        lent = make_checked_out(actors, participant=participant)
        before = dict(registry_session.execute(sa.select(Holding.sample_id, Holding.kind)).all())

        make_withdrawal(actors, participant)

        codes = {one.code for one in registry_session.scalars(sa.select(Sample))}
        assert in_quarantine() == codes > {parent.code, child.code, stored.code, lent.code}
        after = dict(registry_session.execute(sa.select(Holding.sample_id, Holding.kind)).all())
        assert after == before

    def test_nobody_else_s_are(self, actors: People):
        mine, other = make_consenting_participant(actors), make_consenting_participant(actors)
        kept = make_stored(actors, participant=other)
        make_stored(actors, participant=mine)

        make_withdrawal(actors, mine)

        assert kept.code not in in_quarantine()

    def test_a_second_withdrawal_leaves_the_first_quarantine(self, actors: People):
        participant = make_consenting_participant(actors)
        make_received(actors, participant=participant)

        make_withdrawal(actors, participant)
        make_withdrawal(actors, participant)

        assert len(in_quarantine()) == 1

    def test_the_number_of_statements_does_not_grow(self, actors: People):
        def asked(tubes: int) -> int:
            participant = make_consenting_participant(actors)
            parent = make_received(actors, participant=participant)
            divide(actors, parent.code, *["0.1"] * tubes)
            with counted() as statements:
                make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])
            return len(statements)

        assert asked(2) == asked(30)

    def test_each_has_an_act_and_an_entry(
        self, actors: People, audit_tags: Callable[[], list[str]]
    ):
        participant = make_consenting_participant(actors)
        parent = make_received(actors, participant=participant)
        divide(actors, parent.code, "0.1", "0.1")

        make_withdrawal(actors, participant)

        acts = registry_session.scalars(
            sa.select(CustodyAct).where(CustodyAct.kind == ActKind.QUARANTINED)
        ).all()
        assert len(acts) == 3
        assert audit_tags().count("sample:quarantined") == 3

    def test_what_fails_undoes_the_withdrawal_too(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        participant = make_consenting_participant(actors)
        make_received(actors, participant=participant)

        def fail(*_: object, **__: object) -> None:
            raise RuleBroken("no")  # type: ignore[arg-type]

        monkeypatch.setattr("registry.extracts.recall.reaching.to_recall", fail)
        with pytest.raises(RuleBroken):
            make_withdrawal(actors, participant)

        assert in_quarantine() == set()
        assert decision.decide(participant.id, Use.STORE, clock.today()).is_allowed


class TestPastReleases:
    def test_what_is_lent_must_come_back_and_its_holder_is_told(self, actors: People):
        participant = make_consenting_participant(actors)
        lent = make_checked_out(actors, participant=participant)

        made = make_withdrawal(actors, participant)

        [released] = registry_session.scalars(sa.select(WithdrawalRelease)).all()
        assert (released.kind, released.what) == (ReleaseKind.LOAN, lent.code)
        [notice] = registry_session.scalars(sa.select(RecallNotice)).all()
        assert notice.addressee == actors.technician.name
        followed = recall.followed(actors.nurse, made.id)
        assert OpenStep.RETURNS in followed.open_steps

    def test_an_extract_that_waits_is_recalled_at_once(self, actors: People):
        donors = make_donors(actors, 13)
        application = make_application(actors, state=State.PRODUCED)

        made = make_withdrawal(actors, donors[0])

        extract = extracts.latest(application.id)
        assert extract is not None
        assert extract.recalled_at == made.recorded_at
        assert state_of(application) is State.APPROVED
        assert not registry_session.scalars(sa.select(WithdrawalRelease)).all()
        [found] = recall.followed(actors.dpo, made.id).recalled
        assert found.number == application.number

    def test_one_that_was_downloaded_is_recalled_and_its_recipient_told(self, actors: People):
        donors = make_donors(actors, 13)
        application = make_application(actors, state=State.DELIVERED)

        make_withdrawal(actors, donors[0])

        assert state_of(application) is State.APPROVED
        [notice] = registry_session.scalars(sa.select(RecallNotice)).all()
        assert notice.addressee == application.recipient
        assert [item.what for item in notice.items] == [f"{application.number}-1"]

    def test_a_use_that_the_request_does_not_make_leaves_its_extract(self, actors: People):
        donors = make_donors(actors, 13)
        application = make_application(actors, state=State.PRODUCED)

        make_withdrawal(actors, donors[0], Use.GENETICS)

        assert state_of(application) is State.PRODUCED

    def test_a_project_that_is_named_loses_its_extract_and_another_does_not(self, actors: People):
        donors = make_donors(actors, 13)
        one = make_application(actors, state=State.PRODUCED)
        other = make_application(actors, state=State.PRODUCED)

        withdraw(
            actors.nurse,
            donors[0].id,
            scope=PROJECTS,
            projects=[one.number],
            channel=Channel.LETTER,
        )

        assert state_of(one) is State.APPROVED
        assert state_of(other) is State.PRODUCED

    def test_what_is_foreseen_is_what_happens(self, actors: People):
        donors = make_donors(actors, 13)
        make_application(actors, state=State.DELIVERED)

        foreseen = recall.foresee(actors.dpo, donors[0].id, Asked(scope=WithdrawalScope.ALL))
        made = make_withdrawal(actors, donors[0])

        followed = recall.followed(actors.dpo, made.id)
        assert len(foreseen.recalled) == len(followed.recalled) == 1
        assert [one.what for one in foreseen.releases] == [one.what for one in followed.releases]


class TestFollowUp:
    def test_a_notice_is_sent_then_answered(self, actors: People):
        participant = make_consenting_participant(actors)
        make_checked_out(actors, participant=participant)
        make_withdrawal(actors, participant)
        notice_id = registry_session.scalars(sa.select(RecallNotice.id)).one()
        today = clock.today()

        with pytest.raises(RuleBroken, match="not sent yet"):
            followup.acknowledge(actors.nurse, notice_id, acknowledged_on=today, answer="Done")
        followup.send(actors.nurse, notice_id, sent_on=today)
        with pytest.raises(RuleBroken, match="sent already"):
            followup.send(actors.nurse, notice_id, sent_on=today)
        done = followup.acknowledge(
            actors.nurse, notice_id, acknowledged_on=today, answer="Destroyed"
        )

        assert done.status is NoticeStatus.ACKNOWLEDGED

    def test_nobody_of_another_site_follows_it(self, actors: People):
        participant = make_consenting_participant(actors)
        made = make_withdrawal(actors, participant)

        with pytest.raises(NotPermitted):
            followup.send_letter(
                actors.other_site_nurse, made.id, language=Language.FRENCH, sent_on=clock.today()
            )

    def test_the_letter_is_a_pdf_that_names_nobody(self, actors: People):
        participant = make_consenting_participant(actors)
        make_checked_out(actors, participant=participant)
        made = make_withdrawal(actors, participant, effects=list(WithdrawalEffect))
        printing = Printing(translate=str, language="en", printed_by="Nurse")

        content = letters.to_participant(recall.followed(actors.nurse, made.id), printing)

        assert content.startswith(b"%PDF")
