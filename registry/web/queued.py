"""Lists of scans that a page sends by itself and, without a network, keeps and sends later.

Always true: only the answer that `done` gives says that something was
recorded.  A list is recorded in the name of who scanned it, at the time at
which it was scanned as far as the computer's clock can be believed, and never
later than it was received.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import Response, jsonify, make_response, request

from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.web import language
from registry.web.guards import current_actor

#: When it was scanned and when it is sent, by the computer's clock, in milliseconds.
SCANNED, CLOCK = "Queue-Scanned", "Queue-Clock"
#: How far the server was ahead of that clock when the page was opened, in milliseconds.
AHEAD = "Queue-Ahead"
#: Who scanned, as the page said it.
PERSON = "Queue-Person"
#: The person has looked at the time and confirmed it.
CONFIRMED = "Queue-Confirmed"

_ASK = T(
    "The clock of this computer is not to be relied on. Was this scanned on {moment}? "
    "Confirm the time, or record the list by hand with the right one."
)


def is_queued() -> bool:
    """Whether the page sends this by itself."""
    return SCANNED in request.headers


def check() -> None:
    """Refuse to record under somebody's name what somebody else scanned.

    :raises RuleBroken: another person is signed in by now.
    """
    if is_queued() and request.headers.get(PERSON) != str(current_actor().id):
        raise RuleBroken(
            T("Somebody else scanned this list. It is sent when that person signs in here.")
        )


def moment() -> datetime:
    """When it was scanned; of what is sent as usual, now.

    :raises InvalidInput: the headers cannot be read.
    :raises RuleBroken: it is too long ago, or the clock is off and nobody has confirmed the time.
    """
    now = clock.now()
    if not is_queued():
        return now
    scanned, sent, ahead = (_milliseconds(name) for name in (SCANNED, CLOCK, AHEAD))
    happened_at = min(_at(scanned + ahead), now)
    if now - happened_at > timedelta(days=limits.QUEUE_DAYS_MAX):
        raise RuleBroken(
            T(
                "This was scanned more than {days} days ago. Record it by hand, with its day.",
                days=limits.QUEUE_DAYS_MAX,
            )
        )
    limit = timedelta(seconds=limits.QUEUE_CLOCK_SECONDS_MAX)
    drift = now - _at(sent)
    relied_on = abs(drift) <= limit and abs(drift - timedelta(milliseconds=ahead)) <= limit
    if not relied_on and CONFIRMED not in request.headers:
        said = clock.to_paris(happened_at).strftime("%d/%m/%Y %H:%M")
        raise RuleBroken(Message(_ASK.msgid, {"moment": said}))
    return happened_at


def _milliseconds(name: str) -> int:
    try:
        return int(request.headers.get(name, ""))
    except ValueError:
        raise InvalidInput(T("The time of the scans cannot be read.")) from None


def _at(milliseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        raise InvalidInput(T("The time of the scans cannot be read.")) from None


def done(go: str) -> Response:
    """It is recorded; the page goes on to `go`."""
    return jsonify(go=go)


def refused(sentences: Sequence[Message | str], status: int) -> Response:
    """It is not recorded, and why, for the person to deal with."""
    asks = any(isinstance(one, Message) and one.msgid == _ASK.msgid for one in sentences)
    said = [language.translate(one) for one in sentences]
    return make_response(jsonify(refused=said, confirm=asks), status)


def signed_out() -> Response:
    """The session has ended: it is sent again once the person has signed in."""
    return make_response(jsonify(sign_in=True), 401)
