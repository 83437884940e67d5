"""The letter to a participant about what was done, and the notice to a recipient.

Neither names the participant: the site adds the address by hand, and a
recipient knows samples and extracts by their codes.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from registry import typeset
from registry.consents.withdrawals.followup.models import RecallNotice
from registry.custody.forms import Printing
from registry.extracts.recall.queries import Followed
from registry.kernel.messages import Message, T
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import OrderStatus
from registry.vocab.labels import label
from registry.vocab.withdrawals import ReleaseKind

_DAY = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}

_WORDS: Mapping[str, Message] = {
    "page": T("Page"),
    "signature": T("Name, function and signature"),
}

Lines = Iterable[Message | str]


def to_participant(followed: Followed, printing: Printing) -> bytes:
    """The letter that says what was done, as a tagged PDF, A4, in one language."""
    withdrawal = followed.withdrawal
    participant = withdrawal.participant
    sections = [
        _section(T("What was done"), _done(followed), printing),
        _section(T("What is left to do"), _left(followed), printing),
        _section(
            T("What cannot be undone"),
            _released(followed, printing),
            printing,
            T("This had left before your withdrawal. Those who have it were told, or will be."),
        ),
    ]
    said = T(
        "You, or the person who speaks for you, told us on {day} that you take your consent back "
        "or oppose a use. You owe us no reason, and your care does not change.",
        day=_day(withdrawal.effective_on, printing),
    )
    return _letter(
        printing,
        number=f"W-{withdrawal.id}",
        title=T("Your withdrawal from research"),
        sender=participant.site.name,
        addressee=T("Participant {code}", code=participant.shown_code),
        opening=[said],
        sections=[section for section in sections if section["lines"]],
        closing=[
            T("It holds without limit of time. You may consent anew whenever you wish."),
            T(
                "You may ask us for what we keep about you, and you may turn to the data "
                "protection officer or to the CNIL."
            ),
        ],
    )


def _done(followed: Followed) -> Lines:
    effects = followed.effects
    for use in sorted(followed.withdrawal.uses):
        yield T("Stopped: {use}", use=label(use))
    if WithdrawalEffect.NO_CONTACT in effects:
        yield T("We will not contact you about research any more, except by this letter.")
    if WithdrawalEffect.STOP_COLLECTION in effects:
        yield T("No more samples or data are collected.")
    if followed.quarantined:
        yield T("Samples set apart, which nobody may use: {count}", count=followed.quarantined)
    if followed.recalled:
        yield T("Data files withdrawn before they could be used: {count}",
                count=len(followed.recalled))  # fmt: skip
    destroyed = sum(one.status is OrderStatus.DONE for one in followed.orders)
    if destroyed:
        yield T("Samples destroyed before a witness: {count}", count=destroyed)
    for project in followed.withdrawal.projects:
        yield T("Stopped for the project {number}", number=project.project)


def _left(followed: Followed) -> Lines:
    waiting = sum(one.status is OrderStatus.ORDERED for one in followed.orders)
    if waiting:
        yield T("Samples that will be destroyed before a witness: {count}", count=waiting)
    if followed.to_return:
        yield T("Samples that people must bring back: {count}", count=len(followed.to_return))
    if WithdrawalEffect.ERASE_DATA in followed.effects:
        yield T("The data protection officer examines the erasure of your identity.")


def _released(followed: Followed, printing: Printing) -> Lines:
    for one in followed.releases:
        yield T(
            "{what}, {day}: {recipient}",
            what=label(one.kind),
            day=_day(one.released_on, printing),
            # A colleague's name is nobody's business outside.
            recipient=T("within the institute") if one.kind is ReleaseKind.LOAN else one.recipient,
        )


def to_recipient(notice: RecallNotice, printing: Printing) -> bytes:
    """The notice to one recipient, as a tagged PDF, A4, in one language."""
    withdrawal = notice.withdrawal
    held = [T("{kind}: {what}", kind=label(one.kind), what=one.what) for one in notice.items]
    data_too = any(one.kind is ReleaseKind.EXTRACT for one in notice.items)
    asked = [T("Use none of it from now on, and give it to nobody.")]
    if data_too:
        asked.append(
            T(
                "Delete this extract and every copy of it; a new one without the person can be "
                "asked for under the same request number."
            )
        )
    if any(one.kind is not ReleaseKind.EXTRACT for one in notice.items):
        asked.append(T("Return what is left of the samples, or destroy it and send the proof."))
    asked.append(T("Answer in writing what was done, and what can no longer be undone."))
    return _letter(
        printing,
        number=notice.number,
        title=T("Recall after a withdrawal of consent"),
        sender=withdrawal.participant.site.name,
        addressee=notice.addressee,
        opening=[
            T(
                "A participant has withdrawn consent, with effect from {day}. What we handed to "
                "you, listed below, is concerned.",
                day=_day(withdrawal.effective_on, printing),
            )
        ],
        sections=[
            _section(T("What you hold"), held, printing),
            _section(T("What we ask of you"), asked, printing),
        ],
        closing=[T("Please name the number {number} in your answer.", number=notice.number)],
    )


def _section(
    title: Message, lines: Lines, printing: Printing, lead: Message | None = None
) -> dict[str, Any]:
    return {
        "title": printing.translate(title),
        "lead": "" if lead is None else printing.translate(lead),
        "lines": [printing.words(line) for line in lines],
    }


def _letter(
    printing: Printing,
    *,
    number: str,
    title: Message,
    sender: str,
    addressee: str | Message,
    opening: Lines,
    sections: list[dict[str, Any]],
    closing: Lines,
) -> bytes:
    data = {
        "language": printing.language,
        "words": {name: printing.translate(words) for name, words in _WORDS.items()},
        "number": number,
        "title": printing.translate(title),
        "sender": sender,
        "addressee": printing.words(addressee),
        "day": _day(printing.printed_at.date(), printing),
        "opening": [printing.words(line) for line in opening],
        "sections": sections,
        "closing": [printing.words(line) for line in closing],
    }
    return typeset.pdf("registry.extracts.recall", "letter", data, moment=printing.printed_at)


def _day(day: date, printing: Printing) -> str:
    return day.strftime(_DAY[printing.language])
