"""In which order a notice is sent and answered."""

from datetime import date

from registry.consents.withdrawals.followup.models import RecallNotice
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.vocab import limits


def check_can_be_sent(notice: RecallNotice) -> None:
    """A notice is sent once.

    :raises RuleBroken: it was sent.
    """
    if notice.sent_on is not None:
        raise RuleBroken(T("This notice was sent already."))


def check_can_be_acknowledged(notice: RecallNotice) -> date:
    """A notice is answered once, after it was sent; gives the day on which it was.

    :raises RuleBroken: it was not sent, or is answered already.
    """
    if notice.sent_on is None:
        raise RuleBroken(T("This notice was not sent yet. Note first when it was."))
    if notice.acknowledged_on is not None:
        raise RuleBroken(T("The answer to this notice is on record already."))
    return notice.sent_on


def check_day(given: date, earliest: date, *, field: str) -> None:
    """A day that has come, and not before what it follows.

    :raises InvalidInput: it is another.
    """
    if not earliest <= given <= clock.today():
        raise InvalidInput(
            T(
                "Give a day from {earliest} to today.",
                earliest=earliest.strftime("%d/%m/%Y"),
            ),
            field=field,
        )


def check_answer(answer: str) -> str:
    """What the recipient answered, in words.

    :raises InvalidInput: it says nothing, or too much.
    """
    said = answer.strip()
    if not limits.REASON_MIN <= len(said) <= limits.REASON_MAX:
        raise InvalidInput(
            T(
                "Say in {least} to {most} characters what was answered.",
                least=limits.REASON_MIN,
                most=limits.REASON_MAX,
            ),
            field="answer",
        )
    return said
