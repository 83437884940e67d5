"""What a page sends by itself, later: once, in the right name, at the time of the scan."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from registry.custody.picking import service as picking
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab import limits
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from tests.factories.accounts import PASSWORD, People
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_checked_out, make_received, make_stored
from tests.factories.samples import make_consenting_participant, make_tubes, tube_in
from tests.factories.storage import make_box
from tests.web.pages import Browser, text_of
from tests.web.technician import Now, lines

SignIn = Callable[[Actor], Browser]

pytestmark = pytest.mark.usefixtures("app")

#: After the tubes of the factories came; nothing else depends on the day.
SCANNED = datetime(2026, 6, 1, 9, 30, 15, tzinfo=UTC)
ANSWERED = SCANNED + timedelta(hours=2)


def at(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def headers(actor: Actor, **changes: str) -> dict[str, str]:
    """What the page says of a list scanned two hours ago, by a clock that is right."""
    return {
        "Queue-Scanned": at(SCANNED),
        "Queue-Clock": at(ANSWERED),
        "Queue-Ahead": "0",
        "Queue-Person": str(actor.id),
        **changes,
    }


@pytest.fixture
def replay(technician: Browser, actors: People) -> Callable[..., TestResponse]:
    """Send a list as the page does when the network is back."""

    def send(
        path: str, hidden: dict[str, str], *, says: dict[str, str] | None = None, **values: Any
    ):
        with clock.frozen(ANSWERED):
            return technician.post(
                path, {**hidden, **values}, headers=says or headers(actors.technician)
            )

    return send


@pytest.fixture
def list_of(technician: Browser, actors: People) -> Callable[..., dict[str, Any]]:
    """A list of tubes to receive: the hidden fields and what was scanned and chosen."""

    def begun(*codes: str) -> dict[str, Any]:
        site = next(iter(actors.technician.grants)).site_id
        hidden = technician.hidden("/samples/receive")
        return {"hidden": hidden, "codes": lines(*codes), "site_id": str(site), "condition": "good"}

    return begun


def to_receive(actors: People, number: int = 1) -> list[str]:
    return [tube.code for tube in make_tubes(actors, *[tube_in("5")] * number)]


def test_a_list_is_recorded_at_the_time_of_its_scan(replay, list_of, actors, now: Now):
    [code] = to_receive(actors)

    answer = replay("/samples/receive", **list_of(code))

    assert answer.status_code == 200
    assert answer.json == {"go": "/samples/receive"}
    assert now.chain(code)[-1].happened_at == SCANNED


def test_a_list_sent_again_gives_the_first_answer_and_no_second_effect(
    replay, list_of, actors, now: Now
):
    codes = to_receive(actors, 2)
    given = list_of(*codes)

    answers = [replay("/samples/receive", **given).json for _ in range(3)]

    assert answers == [{"go": "/samples/receive"}] * 3
    assert [now.acts(code).count(ActKind.RECEIVED) for code in codes] == [1, 1]


def test_the_answer_is_known_for_longer_than_a_list_may_wait():
    assert limits.HANDLED_DAYS > limits.QUEUE_DAYS_MAX


def test_the_same_list_with_other_tubes_is_refused(replay, list_of, actors, now: Now):
    one, other = to_receive(actors, 2)
    given = list_of(one)
    replay("/samples/receive", **given)

    answer = replay("/samples/receive", **{**given, "codes": lines(other)})

    assert answer.status_code == 422
    assert "sent before with other values" in answer.json["refused"][0]
    assert now.holder(other) is HolderKind.COLLECTION_SITE


@pytest.mark.concurrency
def test_the_same_list_sent_at_once_by_several_tabs_is_recorded_once(
    technician: Browser, list_of, actors, now: Now
):
    codes = to_receive(actors, 3)
    given = list_of(*codes)
    body = {**given.pop("hidden"), **given}
    present = at(clock.now())
    sent = headers(actors.technician, **{"Queue-Scanned": present, "Queue-Clock": present})
    together, answers = threading.Barrier(4), []

    def send() -> None:
        tab = Browser(technician.client.application)
        tab.token = technician.token
        together.wait()
        answers.append(tab.post("/samples/receive", body, headers=sent).json)

    tabs = [threading.Thread(target=send) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert answers == [{"go": "/samples/receive"}] * 4
    assert [now.acts(code).count(ActKind.RECEIVED) for code in codes] == [1, 1, 1]


def test_somebody_else_s_list_is_not_recorded_under_this_name(replay, list_of, actors, now: Now):
    [code] = to_receive(actors)

    answer = replay("/samples/receive", says=headers(actors.nurse), **list_of(code))

    assert answer.status_code == 409
    assert "Somebody else scanned this list" in answer.json["refused"][0]
    assert now.holder(code) is HolderKind.COLLECTION_SITE


def test_after_the_session_has_ended_it_asks_to_sign_in_and_is_recorded_then(
    replay, technician: Browser, list_of, actors, now: Now
):
    [code] = to_receive(actors)
    given = list_of(code)
    technician.send("/sign-out", page="/")

    ended = replay("/samples/receive", **given)
    assert (ended.status_code, ended.json) == (401, {"sign_in": True})
    assert now.holder(code) is HolderKind.COLLECTION_SITE

    with clock.frozen(ANSWERED):
        technician.send("/sign-in", login=actors.technician.login, password=PASSWORD)
        token = technician.hidden("/samples/receive")["csrf_token"]
    given["hidden"]["csrf_token"] = token
    assert replay("/samples/receive", **given).json == {"go": "/samples/receive"}
    assert now.holder(code) is HolderKind.BENCH


def test_a_tube_that_is_gone_meanwhile_is_refused_with_the_reason(
    replay, technician: Browser, actors, now: Now
):
    code = make_stored(actors).code
    hidden = technician.hidden("/samples/take-back")

    answer = replay("/samples/take-back", hidden, codes=lines(code), condition="good")

    assert answer.status_code in (409, 422)
    assert code in answer.json["refused"][0]
    assert answer.json["confirm"] is False


def test_a_consent_withdrawn_meanwhile_stops_the_list(
    replay, technician: Browser, actors, now: Now
):
    donor = make_consenting_participant(actors)
    code = make_stored(actors, participant=donor).code
    picked = picking.open_(
        actors.technician, [code], title="ELISA", to_user_id=actors.technician.id,
        reason=CheckoutReason.ANALYSIS,
    ).code  # fmt: skip
    hidden = technician.hidden(f"/picks/{picked}")
    make_withdrawal(actors, donor, effects=[WithdrawalEffect.STOP_USE])

    answer = replay(f"/picks/{picked}", hidden, codes=lines(code))

    assert answer.json["refused"]
    assert now.holder(code) is HolderKind.POSITION


def test_tubes_come_back_all_or_none(technician: Browser, actors, now: Now):
    lent, stored = make_checked_out(actors).code, make_stored(actors, cell="H12").code

    page = technician.send("/samples/take-back", codes=lines(lent, stored), condition="good")
    assert stored in text_of(page)
    assert now.holder(lent) is HolderKind.PERSON
    technician.send("/samples/take-back", codes=lines(lent), condition="good")

    assert now.holder(lent) is HolderKind.POSITION


@pytest.mark.parametrize(
    "changes",
    [
        {"Queue-Clock": at(ANSWERED - timedelta(minutes=3))},
        {"Queue-Clock": at(ANSWERED + timedelta(minutes=3)), "Queue-Ahead": "-180000"},
        {"Queue-Ahead": "180000"},
    ],
    ids=["slow", "fast", "put right meanwhile"],
)
def test_a_clock_that_is_off_asks_the_person(
    replay, list_of, actors, now: Now, changes: dict[str, str]
):
    [code] = to_receive(actors)
    given, says = list_of(code), headers(actors.technician, **changes)

    asked = replay("/samples/receive", says=says, **given)
    assert asked.status_code == 409
    assert asked.json["confirm"] is True
    assert now.holder(code) is HolderKind.COLLECTION_SITE

    replay("/samples/receive", says={**says, "Queue-Confirmed": "1"}, **given)
    assert now.holder(code) is HolderKind.BENCH


def test_nothing_is_recorded_later_than_it_was_received(replay, list_of, actors, now: Now):
    [code] = to_receive(actors)
    ahead = headers(actors.technician, **{"Queue-Scanned": at(ANSWERED + timedelta(seconds=50))})

    replay("/samples/receive", says=ahead, **list_of(code))

    assert now.chain(code)[-1].happened_at == ANSWERED


def test_what_waited_too_long_is_recorded_by_hand(replay, list_of, actors, now: Now):
    [code] = to_receive(actors)
    long_ago = ANSWERED - timedelta(days=limits.QUEUE_DAYS_MAX, minutes=1)
    says = headers(actors.technician, **{"Queue-Scanned": at(long_ago), "Queue-Confirmed": "1"})

    answer = replay("/samples/receive", says=says, **list_of(code))

    assert "more than 14 days ago" in answer.json["refused"][0]
    assert now.holder(code) is HolderKind.COLLECTION_SITE


@pytest.mark.parametrize("scanned", ["", "yesterday", "9" * 30])
def test_a_time_that_cannot_be_read_is_refused(replay, list_of, actors, now: Now, scanned: str):
    [code] = to_receive(actors)
    says = headers(actors.technician, **{"Queue-Scanned": scanned})

    answer = replay("/samples/receive", says=says, **list_of(code))

    assert answer.status_code == 422
    assert "cannot be read" in answer.json["refused"][0]


def test_every_act_by_scans_is_recorded_at_the_time_of_the_scan(
    replay, technician: Browser, actors, now: Now
):
    placed, gone = make_received(actors).code, make_received(actors).code
    box = make_box(actors).unit.code
    acts = (
        ("/samples/place", {"box": box, "placements": lines(placed)}, placed),
        ("/samples/process", {"kind": "centrifuged", "codes": lines(gone)}, gone),
        ("/samples/dispose", {"reason": "empty", "codes": lines(gone)}, gone),
    )
    hidden = {path: technician.hidden(path) for path, _, _ in acts}
    for path, values, code in acts:
        answer = replay(path, hidden[path], **values)
        assert answer.json.get("go"), (path, answer.json)
        assert now.chain(code)[-1].happened_at == SCANNED


def test_without_a_script_the_answer_is_the_page(technician: Browser, list_of, actors):
    given = list_of(*to_receive(actors))

    answer = technician.post("/samples/receive", {**given.pop("hidden"), **given})

    assert (answer.status_code, answer.location) == (303, "/samples/receive")


@pytest.mark.parametrize("command", ["VALIDER", "vqlider"])
def test_the_command_that_sends_a_list_is_no_tube(technician: Browser, actors, now: Now, command):
    [code] = to_receive(actors)
    site = next(iter(actors.technician.grants)).site_id

    technician.send(
        "/samples/receive", codes=lines(code, command), site_id=str(site), condition="good"
    )

    assert now.holder(code) is HolderKind.BENCH
