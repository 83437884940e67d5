"""What a request says of its project, and the conditions on which it is sent."""

from datetime import date
from typing import Any

import pytest

from registry.applications import policies, service
from registry.consents.templates.wording import ItemText
from registry.kernel.errors import InvalidInput
from registry.persistence import registry_session
from registry.vocab.applications import Purpose, State
from registry.vocab.consent import Use
from registry.vocab.research import DuoTerm, RecipientKind, ResearchCategory
from tests.factories.accounts import People
from tests.factories.applications import make_application
from tests.factories.consents import make_template

pytestmark = pytest.mark.usefixtures("app")


class TestStudies:
    @pytest.mark.parametrize(
        ("changes", "use"),
        [
            ({"purpose": Purpose.COMMERCIAL}, Use.COMMERCIAL_RESEARCH),
            ({"recipient_kind": RecipientKind.COMPANY}, Use.COMMERCIAL_RESEARCH),
            ({"purpose": Purpose.GENETIC}, Use.GENETICS),
            ({"country": "US"}, Use.OUTSIDE_EU),
            ({"recipient_kind": RecipientKind.PUBLIC}, Use.SHARE),
            ({"links_data": True}, Use.LINKAGE),
        ],
    )
    def test_each_answer_of_the_request_asks_for_its_use(
        self, actors: People, changes: dict[str, Any], use: Use
    ):
        plain = policies.study(make_application(actors))
        asked = policies.study(make_application(actors, **changes))

        assert plain.uses == (Use.ACADEMIC_RESEARCH,)
        assert {Use.ACADEMIC_RESEARCH, use} <= set(asked.uses)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"category": ResearchCategory.DISEASE}, "diseases"),
            ({"diseases": ["M32"]}, "diseases"),
            ({"country": "ZZ"}, "country"),
            ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ],
    )
    def test_what_no_consent_could_be_asked_about_is_refused(
        self, actors: People, changes: dict[str, Any], field: str
    ):
        with pytest.raises(InvalidInput) as refused:
            make_application(actors, **changes)

        assert refused.value.field == field


class TestConditions:
    def test_a_request_is_not_sent_without_accepting_what_consents_ask(self, actors: People):
        _form_that_asks(DuoTerm.COL)
        draft = make_application(actors)

        with pytest.raises(InvalidInput):
            service.submit(actors.investigator, draft.number)

        assert draft.state is State.DRAFT

    def test_what_was_accepted_is_kept(self, actors: People):
        _form_that_asks(DuoTerm.COL)
        draft = make_application(actors)

        sent = service.submit(actors.investigator, draft.number, accepts=True)

        registry_session.expire_all()
        assert sent.accepted == {DuoTerm.COL}


def _form_that_asks(*terms: DuoTerm) -> None:
    asks = ItemText(
        "research",
        "Public research.",
        frozenset({Use.ACADEMIC_RESEARCH}),
        terms=frozenset((term, "") for term in terms),
    )
    make_template(items=(asks,))
