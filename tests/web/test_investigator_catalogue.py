"""The catalogue's pages: a count in one step, masked, kept, and nothing but counts."""

import re
from collections.abc import Callable

import pytest

from registry.kernel.actor import Actor
from registry.vocab import limits
from registry.vocab.people import Sex
from registry.vocab.samples import SampleType
from tests.factories.accounts import People
from tests.factories.applications import make_donors
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]


#: What for, and for whom.
FOR = {"purpose": "academic", "recipient_kind": "institute", "country": "FR"}


@pytest.fixture
def investigator(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.investigator).speak("en")


def count(browser: Browser, **criteria: object) -> str:
    """Ask the question on the page; gives the address of its answer."""
    answer = browser.send("/catalogue", **FOR, **criteria)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_count_is_one_page(investigator: Browser, actors: People):
    make_donors(actors, 22, kinds=(SampleType.SERUM, SampleType.URINE_SPOT))

    page = text_of(investigator.get(count(investigator)))

    assert "20 participants" in page
    assert "45 samples" in page
    assert "Cohort SLE 20" in page


def test_small_groups_are_masked_on_the_page(investigator: Browser, actors: People):
    make_donors(actors, 22)
    make_donors(actors, 4, sex=Sex.MALE)

    page = text_of(investigator.get(count(investigator)))

    assert "Female 20" in page
    assert "Male < 11 < 11" in page


def test_too_few_say_so(investigator: Browser, actors: People):
    make_donors(actors, 3)

    page = text_of(investigator.get(count(investigator)))

    assert "Too few participants match, or none" in page
    assert "Ask for an extract" in page


def test_the_bars_say_what_the_numbers_say(investigator: Browser, actors: People):
    make_donors(actors, 40)
    make_donors(actors, 20, sex=Sex.MALE)

    page = investigator.get(count(investigator)).text

    assert 'class="bar-value" x="0" y="0" width="100.0"' in page
    assert 'class="bar-value" x="0" y="0" width="50.0"' in page


def test_no_code_of_anybody_is_on_the_page(investigator: Browser, actors: People):
    donors = make_donors(actors, 15)

    page = investigator.get(count(investigator)).text

    assert not [donor for donor in donors if donor.code in page or donor.shown_code in page]


def test_the_criteria_stay_filled_in(investigator: Browser, actors: People):
    make_donors(actors, 15)

    page = investigator.get(
        count(investigator, sexes=["female"], min_volume="0,25", collected_from="2025")
    ).text

    ticked = {box for box in re.findall(r"<input[^>]*>", page) if "checked" in box}
    assert {name for box in ticked for name in re.findall('value="([^"]*)"', box)} == {
        "academic",
        "institute",
        "female",
    }
    assert 'value="0.25"' in page
    assert 'value="2025"' in page


def test_looking_again_asks_nothing(investigator: Browser, actors: People):
    make_donors(actors, 15)
    address = count(investigator)

    first, again = (text_of(investigator.get(address)) for _time in range(2))

    assert first == again
    assert f"You can ask {limits.COUNTS_PER_DAY_MAX - 1} more questions today" in again


def test_a_day_that_is_full_says_so_on_the_form(
    investigator: Browser, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "COUNTS_PER_DAY_MAX", 1)
    count(investigator)

    answer = investigator.send("/catalogue", **FOR, collected_from="2025")

    assert answer.status_code == 429
    assert "as many as a day allows" in text_of(answer)


@pytest.mark.parametrize(
    ("criteria", "sentence"),
    [
        ({"collected_from": "2025", "collected_to": "2024"}, "comes before the first"),
        ({"collected_from": "25"}, "Write a whole number from 1950"),
        ({"min_volume": "abc"}, "Write a number"),
        ({"min_volume": "0"}, "Write a number above 0"),
        ({"sexes": ["both"]}, "Choose one of the values offered"),
        ({"cohorts": ["<script>"]}, "Choose among the cohorts of the registry"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_field(
    investigator: Browser, criteria: dict[str, object], sentence: str
):
    answer = investigator.send("/catalogue", **FOR, **criteria)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "<script>" not in answer.text


def test_a_purpose_must_be_chosen(investigator: Browser):
    assert investigator.send("/catalogue").status_code == 422


def test_nobody_opens_the_counts_of_others(sign_in: SignIn, actors: People):
    address = count(sign_in(actors.investigator))

    assert sign_in(actors.other_investigator).get(address).status_code == 404


def test_investigators_never_get_a_list(sign_in: SignIn, actors: People):
    browser = sign_in(actors.investigator)

    for address in ("/participants", "/samples", "/participants/search"):
        assert browser.get(address).status_code == 403
