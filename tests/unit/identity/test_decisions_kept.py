"""Every decision about a pair is kept and told; one that kept two apart can be revised."""

import pytest
import sqlalchemy as sa

from registry.crypto.keyring import Keyring
from registry.identity import service
from registry.identity.decisions.models import HeardDecision, MatchDecision
from registry.identity.door import vault
from registry.identity.models import Person
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.reviews import DecisionKind
from tests.factories.identity import make_person

SAME, DIFFERENT, LATER = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT, ReviewOutcome.LATER
REASON = "Deux dossiers distincts"


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse)


@pytest.fixture
def twin(known, actors):
    return make_person(actors.nurse, number="0042138", given_names="Charlotte")


class TestEveryDecisionIsKept:
    def test_the_pair_tells_them_all(self, twin, actors):
        pair = twin.reviews[0]
        service.decide_review(actors.nurse, pair, LATER, reason="En attente du dossier")
        service.decide_review(actors.nurse, pair, SAME, reason="Un seul dossier")
        service.undo_merge(actors.nurse, pair, REASON)

        told = service.history(actors.nurse, pair)
        assert [(one.number, one.kind, one.outcome, one.reason) for one in told] == [
            (3, DecisionKind.UNDONE, LATER, REASON),
            (2, DecisionKind.DECIDED, SAME, "Un seul dossier"),
            (1, DecisionKind.DECIDED, LATER, "En attente du dossier"),
        ]

    def test_a_reason_lies_sealed(self, twin, actors, rows_of):
        service.decide_review(actors.nurse, twin.reviews[0], LATER, reason="En attente")
        (kept,) = rows_of(MatchDecision)
        assert kept.reason is not None
        assert b"attente" not in kept.reason

    def test_each_is_heard_of(self, twin, actors, rows_of):
        service.decide_review(actors.nurse, twin.reviews[0], SAME)
        service.undo_merge(actors.nurse, twin.reviews[0], REASON)
        heard = registry_session.scalars(sa.select(HeardDecision.decision_id)).all()
        assert sorted(heard) == sorted(row.id for row in rows_of(MatchDecision))


class TestRevising:
    @pytest.fixture
    def apart(self, twin, actors) -> int:
        service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT)
        return twin.reviews[0]

    def test_the_identity_officer_makes_one_of_two_after_all(self, apart, twin, actors, rows_of):
        service.revise(actors.identity_officer, apart, SAME, reason=REASON)

        standing = {row.uid: row.standing for row in rows_of(Person)}
        assert standing[twin.person_uid] is Standing.MERGED
        assert service.history(actors.nurse, apart)[0].kind is DecisionKind.REVISED

    def test_or_has_it_asked_again(self, apart, actors):
        service.revise(actors.identity_officer, apart, LATER, reason=REASON)
        assert [one.id for one in service.open_reviews(actors.nurse)] == [apart]

    def test_nobody_else_does(self, apart, actors):
        for role in ("nurse", "dpo", "admin", "data_manager"):
            with pytest.raises(NotPermitted):
                service.revise(getattr(actors, role), apart, SAME, reason=REASON)

    @pytest.mark.parametrize("outcome", [DIFFERENT, ReviewOutcome.OPEN])
    def test_only_to_the_same_or_later(self, apart, actors, outcome):
        with pytest.raises(InvalidInput):
            service.revise(actors.identity_officer, apart, outcome, reason=REASON)

    def test_what_still_waits_is_decided_not_revised(self, twin, actors):
        with pytest.raises(RuleBroken):
            service.revise(actors.identity_officer, twin.reviews[0], SAME, reason=REASON)


def test_of_two_who_were_merged_each_is_shown_as_before(known, twin, actors):
    service.decide_review(actors.nurse, twin.reviews[0], SAME)
    both = service.compare(actors.nurse, twin.reviews[0], reason="Vérification du dossier")

    sides = {
        side.person_uid: (side.traits.given_names, [one.identifier.number for one in side.numbers])
        for side in (both.first, both.second)
    }
    assert sides == {
        known.person_uid: ("Amélie Rose", ["0042137"]),
        twin.person_uid: ("Charlotte", ["0042138"]),
    }


def test_a_reason_is_read_with_the_vaults_own_keys_alone(twin, actors, tmp_path):
    service.decide_review(actors.nurse, twin.reviews[0], DIFFERENT, reason=REASON)
    assert [one.reason for one in service.history(actors.nurse, twin.reviews[0])] == [REASON]

    vault.open(Keyring.generate(tmp_path / "other").vault())

    assert [one.reason for one in service.history(actors.nurse, twin.reviews[0])] == [None]
