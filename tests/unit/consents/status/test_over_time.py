"""How answers stand over time: each participant once in each month, where they stood at its end."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.consents.status import queries
from registry.consents.status.queries import History
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.vocab.consent import Answer, ItemState, Language, Use
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, make_consent, make_template, make_withdrawal
from tests.factories.participants import make_cohort, make_participant

pytestmark = pytest.mark.usefixtures("app")


def ago(months: int) -> date:
    """A day of the month that lies so many months back."""
    return months_later(clock.today().replace(day=1), -months)


def history(actor: Actor, code: str) -> History:
    """How the question stands in the one cohort."""
    return next(
        one for one in queries.over_time(actor, make_cohort().id, months=6) if one.code == code
    )


def standing(found: History) -> list[ItemState | None]:
    """Where the one participant stood at the end of each month."""
    return [next(iter(+Counter(month.counts)), None) for month in found.months]


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors, included_on=ago(8))


def test_an_answer_holds_until_another_form_asks_again(actors: People, participant: Participant):
    make_consent(actors, participant, signed_on=ago(3))
    make_consent(actors, participant, signed_on=ago(1), answers={"research": Answer.REFUSED})

    found = history(actors.nurse, "research")

    agreed, refused = ItemState.ACCEPTED, ItemState.REFUSED
    assert standing(found) == [None, None, agreed, agreed, refused, refused]


def test_what_is_taken_back_is_counted_so(actors: People, participant: Participant):
    make_consent(actors, participant, signed_on=ago(2))
    make_withdrawal(actors, participant, Use.GENETICS, effective_on=ago(0))

    assert history(actors.nurse, "genetics").now.counts[ItemState.WITHDRAWN] == 1
    assert history(actors.nurse, "research").now.counts[ItemState.ACCEPTED] == 1


def test_a_withdrawal_wins_over_a_form_of_the_same_day(actors: People, participant: Participant):
    make_withdrawal(actors, participant, effective_on=clock.today())
    make_consent(actors, participant, signed_on=clock.today())

    assert history(actors.nurse, "research").now.counts[ItemState.WITHDRAWN] == 1


def test_a_form_of_before_the_first_month_counts(actors: People, participant: Participant):
    make_consent(actors, participant, signed_on=ago(7))

    assert standing(history(actors.nurse, "research")) == [ItemState.ACCEPTED] * 6


def test_only_participants_of_ones_own_sites_are_counted(actors: People, participant: Participant):
    make_consent(actors, participant)

    assert queries.over_time(actors.other_site_nurse, make_cohort().id) == []
    assert queries.over_time(actors.data_manager, make_cohort().id) != []


def test_questions_are_in_the_language_of_the_reader(actors: People, participant: Participant):
    english = make_template(
        language=Language.ENGLISH, items=[replace(item, text="In English.") for item in ITEMS]
    )
    make_consent(actors, participant)
    make_consent(actors, participant, template=english)

    def texts(language: Language) -> set[str]:
        found = queries.over_time(actors.nurse, make_cohort().id, language=language)
        return {one.text for one in found}

    assert texts(Language.ENGLISH) == {"In English."}
    assert texts(Language.FRENCH) == {item.text for item in ITEMS}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_everybody_stands_somewhere_once_they_were_asked(actors: People, data: st.DataObject):
    participant = make_participant(actors, included_on=ago(8))
    before = {one.code: one.now.total for one in queries.over_time(actors.nurse, make_cohort().id)}
    for days in data.draw(st.lists(st.integers(1, 300), min_size=1, max_size=4)):
        day = clock.today() - timedelta(days=days)
        if data.draw(st.booleans()):
            make_withdrawal(actors, participant, effective_on=day)
        answers = {"research": data.draw(st.sampled_from(Answer))}
        make_consent(actors, participant, signed_on=day, answers=answers)

    after = {one.code: one.now.total for one in queries.over_time(actors.nurse, make_cohort().id)}

    assert {code: after[code] - before.get(code, 0) for code in after} == dict.fromkeys(after, 1)
