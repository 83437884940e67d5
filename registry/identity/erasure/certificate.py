"""The certificate of an erasure, on paper: all that was written down, and nobody's name."""

from collections.abc import Callable
from datetime import date, datetime

from registry import typeset
from registry.identity.erasure.queries import Certified
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.vocab.erasure import Destroyed
from registry.vocab.labels import label

Translate = Callable[[Message], str]

_DAY = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}


def certificate(found: Certified, *, translate: Translate, language: str) -> bytes:
    """The certificate as a tagged PDF (PDF/UA-1), A4, in one language.

    It bears the moment of the erasure: printed again, it is the same.
    """
    erasure = found.erasure
    data = {
        "language": language,
        "words": {name: translate(words) for name, words in _WORDS.items()},
        "number": erasure.certificate,
        "facts": _facts(found, translate, language),
        "counts": [
            [translate(label(kind)), str(erasure.destroyed[kind.value])]
            for kind in Destroyed
            if kind.value in erasure.destroyed
        ],
        "keys": list(erasure.key_digests),
        "states": [translate(one) for one in _states(found, language)],
        "verification": erasure.digest,
        "journal": translate(_journal(found)),
        "entry": found.entry.digest if found.entry else "",
    }
    return typeset.pdf("registry.identity.erasure", "certificate", data, moment=erasure.erased_at)


_WORDS: dict[str, Message] = {
    "title": T("Certificate of erasure"),
    "law": T("Regulation (EU) 2016/679 (GDPR), article 17"),
    "destroyed": T("What was destroyed"),
    "what": T("What"),
    "count": T("How many"),
    "keys": T("The data keys"),
    "keys_lead": T(
        "Every identifying value was sealed under these keys. Each is named by the SHA-256 of "
        "its sealed form, so that it can be recognised in a backup without being opened."
    ),
    "copies": T("Files, backups, restores and sources"),
    "proof": T("How this can be verified"),
    "verification": T("Verification code"),
    "page": T("Page"),
}


def _facts(found: Certified, translate: Translate, language: str) -> list[list[str]]:
    """Name and value of what identifies the erasure."""
    erasure = found.erasure
    facts: list[tuple[Message, str]] = [
        (T("Person, by the random name that is left"), ", ".join(erasure.uids)),
        (T("Erased on"), _moment(erasure.erased_at, language)),
        (T("Erased by"), erasure.erased_by),
        (T("Ground"), translate(label(erasure.ground))),
        (T("Reason"), erasure.reason),
    ]
    return [[translate(name), value] for name, value in facts]


def _states(found: Certified, language: str) -> list[Message]:
    """What is true of the files, the backups, a restore and the next import."""
    erasure = found.erasure
    cleaned = (
        T(
            "The database’s files were written anew without them on {moment}.",
            moment=_moment(found.cleaned_at, language),
        )
        if found.cleaned_at
        else T(
            "The database’s files have not been written anew yet: the values cannot be read, but "
            "their sealed remains are still there. Print this certificate again later."
        )
    )
    return [
        cleaned,
        T(
            "Backups made before the erasure may hold the sealed keys until {day}; they are "
            "deleted by then.",
            day=_day(erasure.backups_until, language),
        ),
        T(
            "A restored backup is erased again before anybody can read it: the erasure is also "
            "written in a file outside the databases, which no restore takes back."
        ),
        T(
            "Nothing is left here by which the person could be recognised: sources that still "
            "hold the person must be told, or their next import brings the person back as "
            "somebody new."
        ),
        T(
            "Samples and medical data stay under the participant’s code, which nobody can trace "
            "to the person through this registry any more."
        ),
    ]


def _journal(found: Certified) -> Message:
    if found.entry is None:
        return T("The journal has not recorded it again since it was restored.")
    return T(
        "Entry no. {seq} of the journal, whose digest is:",
        seq=found.entry.seq,
    )


def _moment(value: datetime, language: str) -> str:
    return clock.to_paris(value).strftime(f"{_DAY[language]} %H:%M")


def _day(value: date, language: str) -> str:
    return value.strftime(_DAY[language])
