"""From a project's code back to a participant: one at a time, by one role, recorded first."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from registry.access import Permission, require
from registry.applications.models import Application
from registry.extracts import reversal, service
from registry.extracts.models import Extract
from registry.extracts.reversal import Reversed
from registry.identity import vault
from registry.identity.events import PersonsMerged
from registry.kernel import clock
from registry.kernel.actor import Actor, Grant
from registry.kernel.codes import participant
from registry.kernel.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    TooManyAttempts,
    Unavailable,
)
from registry.kernel.events import publish
from registry.participants.models import Participant
from registry.persistence import registry_session, unit_of_work
from registry.vocab import limits
from registry.vocab.applications import State
from registry.vocab.people import Role
from registry.vocab.pseudonyms import ReversalReason
from tests.factories.accounts import People
from tests.factories.applications import make_donors
from tests.factories.extracts import approved, produce, state_of, table
from tests.factories.participants import OPERATOR

pytestmark = pytest.mark.usefixtures("app")

REASON = "The laboratory found a variant that must be told"


@pytest.fixture
def asked(actors: People) -> Application:
    return approved(actors)


@pytest.fixture
def donors(actors: People) -> list[Participant]:
    return make_donors(actors, 12)


@pytest.fixture
def extract(actors: People, donors: list[Participant], asked: Application) -> Extract:
    return produce(actors, asked)


def ask(actor: Actor, number: str, pseudonym: str, reason: str = REASON) -> Reversed:
    return reversal.reverse(
        actor, number=number, pseudonym=pseudonym, kind=ReversalReason.FINDING, reason=reason
    )


def merge(kept: Participant, merged: Participant) -> None:
    with unit_of_work():
        require(OPERATOR, Permission.IDENTITY_REVIEW)
        publish(PersonsMerged(OPERATOR, kept.person_uid, merged.person_uid))
    registry_session.expire_all()


def codes_in(extract: Extract, column: str = "participant") -> list[str]:
    return sorted({row[column] for row in table(extract)})


def test_each_code_leads_back_to_one_participant(
    actors: People, extract: Extract, asked: Application, donors: list[Participant]
):
    found = {
        ask(actors.identity_officer, asked.number, code).participant.code
        for code in codes_in(extract)
    }

    assert found == {donor.code for donor in donors}


def test_a_samples_code_leads_to_whom_it_was_taken_from(
    actors: People, extract: Extract, asked: Application
):
    row = table(extract)[0]
    by_person, by_sample = (
        ask(actors.identity_officer, asked.number, row[column]).participant
        for column in ("participant", "sample")
    )

    assert by_person is by_sample


def test_how_it_is_typed_does_not_matter_and_a_slip_is_put_right(
    actors: People, extract: Extract, asked: Application
):
    code = codes_in(extract)[0]
    slipped = code[:5] + ("7" if code[5] != "7" else "9") + code[6:]

    found = ask(actors.identity_officer, f" {asked.number.lower()} ", slipped.lower())

    assert found.pseudonym == code


def test_who_asked_and_why_is_recorded(
    actors: People,
    extract: Extract,
    asked: Application,
    audit_tags: Callable[[], list[str]],
):
    ask(actors.identity_officer, asked.number, codes_in(extract)[0])

    assert audit_tags()[-1] == "pseudonym:reversed"


def test_a_code_that_nobody_bears_is_not_found_and_that_is_recorded(
    actors: People,
    extract: Extract,
    donors: list[Participant],
    audit_tags: Callable[[], list[str]],
):
    other = approved(actors, title="Another question")
    produce(actors, other)

    with pytest.raises(NotFound, match="Nobody bears this code"):
        ask(actors.identity_officer, other.number, codes_in(extract)[0])

    assert audit_tags()[-1] == "pseudonym:not_found"


def test_nobody_is_found_where_no_extract_was_made(actors: People, asked: Application):
    with pytest.raises(NotFound, match="No extract"):
        ask(actors.identity_officer, asked.number, "P" + "0" * 18)


@pytest.mark.parametrize("who", ["nurse", "data_manager", "dpo", "admin", "investigator"])
def test_no_other_role_learns_it(actors: People, extract: Extract, asked: Application, who: str):
    with pytest.raises(NotPermitted):
        ask(getattr(actors, who), asked.number, codes_in(extract)[0])


def test_the_command_line_does_not_learn_it(extract: Extract, asked: Application):
    with pytest.raises(NotPermitted):
        ask(OPERATOR, asked.number, codes_in(extract)[0])


def test_whoever_made_the_request_does_not_learn_it_though_trusted(
    actors: People, extract: Extract, asked: Application
):
    both = Actor(
        actors.investigator.id,
        actors.investigator.login,
        actors.investigator.name,
        frozenset({Grant(Role.INVESTIGATOR), Grant(Role.IDENTITY_OFFICER)}),
    )

    with pytest.raises(NotPermitted):
        ask(both, asked.number, codes_in(extract)[0])


def test_it_needs_a_reason(actors: People, extract: Extract, asked: Application):
    with pytest.raises(InvalidInput):
        ask(actors.identity_officer, asked.number, codes_in(extract)[0], reason=" ")


def test_it_is_bounded_and_wrong_codes_count(
    actors: People, extract: Extract, asked: Application, monkeypatch: pytest.MonkeyPatch
):
    for number in range(limits.REVERSALS_MAX):
        with pytest.raises(NotFound):
            ask(actors.identity_officer, asked.number, wrong_code(number))

    with pytest.raises(TooManyAttempts):
        ask(actors.identity_officer, asked.number, codes_in(extract)[0])
    with clock.frozen(clock.now() + timedelta(seconds=limits.REVERSALS_WINDOW_SECONDS + 1)):
        assert ask(actors.identity_officer, asked.number, codes_in(extract)[0])


def wrong_code(number: int) -> str:
    """A well-formed code that nobody bears."""
    return "P" + participant.make(f"{number:016d}")


def test_a_participant_who_was_merged_is_named_with_who_stands_for_them(
    actors: People, extract: Extract, asked: Application, donors: list[Participant]
):
    kept, merged = donors[:2]
    merge(kept, merged)
    found = [ask(actors.identity_officer, asked.number, code) for code in codes_in(extract)]

    stands_for = {one.participant.code: one.stands_for for one in found}
    assert stands_for[merged.code] is kept
    assert stands_for[kept.code] is None


def test_the_survivor_of_a_merge_keeps_its_code_in_a_renewed_extract(
    actors: People, asked: Application, donors: list[Participant], extract: Extract
):
    ask_for = {
        donor.code: code
        for code in codes_in(extract)
        for donor in [ask(actors.identity_officer, asked.number, code).participant]
    }
    kept, merged = donors[:2]
    merge(kept, merged)
    service.take(actors.investigator, asked.number)
    again = codes_in(produce(actors, asked))

    assert again == sorted(set(ask_for.values()) - {ask_for[merged.code]})


class TestWithTheVaultClosed:
    def test_no_extract_is_made_and_the_sentence_says_why(
        self, actors: People, donors: list[Participant], asked: Application
    ):
        vault.open(None)

        with pytest.raises(Unavailable, match="vault is closed"):
            produce(actors, asked)
        assert state_of(asked) is State.APPROVED

    def test_no_code_is_led_back(self, actors: People, extract: Extract, asked: Application):
        code = codes_in(extract)[0]
        vault.open(None)

        with pytest.raises(Unavailable):
            ask(actors.identity_officer, asked.number, code)
