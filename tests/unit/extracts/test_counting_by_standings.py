"""Counts go by standings where there are some, and by the decision for the rest."""

import pytest
import sqlalchemy as sa

from registry.applications.criteria import Criteria
from registry.consents.standing import service as standing
from registry.extracts import catalogue
from registry.extracts.catalogue import Answer, Question
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.applications import Purpose
from registry.vocab.consent import Use
from registry.vocab.tasks import TaskKind
from tests.factories.accounts import People
from tests.factories.applications import make_donors
from tests.factories.consents import make_withdrawal

pytestmark = pytest.mark.usefixtures("app")


def ask(actor: Actor) -> Answer:
    return catalogue.answer_of(catalogue.count(actor, Question(Purpose.ACADEMIC, Criteria())))


class TestStandings:
    def test_a_count_says_the_same_before_and_after_they_are_worked_out(self, actors: People):
        make_donors(actors, 20)
        for donor in make_donors(actors, 12):
            make_withdrawal(actors, donor, Use.ACADEMIC_RESEARCH)
        live = ask(actors.investigator)

        standing.refresh(Actor.system("worker"))

        assert ask(actors.other_investigator) == live
        assert live.total.participants == 20

    def test_many_missing_ones_are_worked_out_in_the_background(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "STANDINGS_MISSING_MAX", 10)
        make_donors(actors, 12)

        ask(actors.investigator)

        registry_session.rollback()
        assert registry_session.scalars(sa.select(Task.kind)).all() == [TaskKind.REFRESH_CONSENTS]
