"""The rows of a file of consents that exist on paper, and the headings by which they are known.

Each question of the forms is a column of its own, named by the question's code.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypedDict, cast

from marshmallow import ValidationError

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.consent import Answer, Channel, Language, SignatoryRole
from schemas.base import Shape, errors_of, read_row
from schemas.dates import FrenchDate
from schemas.fields import Choice, TrimmedText, WholeNumber, refuse, text_of

_ANSWERS = {
    **dict.fromkeys(
        ("oui", "yes", "o", "y", "1", "accepté", "accepte", "accepted"), Answer.ACCEPTED
    ),
    **dict.fromkeys(("non", "no", "n", "0", "refusé", "refuse", "refused"), Answer.REFUSED),
    **dict.fromkeys(("non demandé", "non demande", "not asked", "na"), Answer.NOT_ASKED),
    **dict.fromkeys(("illisible", "pas clair", "unclear", "?"), Answer.UNCLEAR),
}

_SIGNED_BY: Mapping[str, tuple[SignatoryRole, ...]] = {
    **dict.fromkeys(("participant", "self", "lui-même", "elle-même"), (SignatoryRole.SELF,)),
    **dict.fromkeys(("parent", "un parent", "one parent"), (SignatoryRole.PARENT,)),
    **dict.fromkeys(
        ("parents", "deux parents", "both parents"),
        (SignatoryRole.PARENT, SignatoryRole.SECOND_PARENT),
    ),
    **dict.fromkeys(("tuteur", "tutrice", "guardian"), (SignatoryRole.GUARDIAN,)),
    **dict.fromkeys(("mandat", "mandataire", "mandate"), (SignatoryRole.MANDATE,)),
}

CONSENT_HEADINGS: dict[str, tuple[str, ...]] = {
    "participant": ("code_participant", "participant", "participant_code"),
    "form": ("formulaire", "form", "code_formulaire"),
    "version": ("version",),
    "language": ("langue_formulaire", "langue", "language"),
    "signed_on": ("signe_le", "signé le", "signed_on"),
    "information_given_on": ("informe_le", "informé le", "information_given_on"),
    "channel": ("canal", "voie", "channel"),
    "signed_by": ("signe_par", "signé par", "signed_by"),
    "authority_from": ("mandat_du", "authority_from"),
    "authority_to": ("mandat_au", "authority_to"),
    "authority_file": ("jugement", "fichier_mandat", "authority_file"),
    "alone_reason": ("motif_parent_seul", "alone_reason"),
    "scans": ("numerisation", "numérisation", "scan", "scans"),
}
CONSENT_REQUIRED = ("participant", "form", "version", "signed_on")

_PREFIX = "item:"
_NAMES_MAX = 400


def headings_with(items: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The headings of a file that may answer these items."""
    return {**CONSENT_HEADINGS, **{f"{_PREFIX}{code}": (code,) for code in sorted(items)}}


class ConsentValues(TypedDict):
    """A row, typed."""

    participant: str
    form: str
    version: int
    language: Language
    signed_on: date
    information_given_on: date | None
    channel: Channel
    signed_by: tuple[SignatoryRole, ...]
    authority_from: date | None
    authority_to: date | None
    authority_file: str | None
    alone_reason: str | None
    scans: tuple[str, ...]
    #: By the items' codes; what was left blank is not in it.
    answers: Mapping[str, Answer]


class AnswerAsWritten(Choice[Answer]):
    """An answer as people write it; nothing stands for a blank."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Answer, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Answer:
        found = _ANSWERS.get(text_of(value).casefold())
        if found is None:
            refuse(T("Write yes, no, not asked or unclear."))
        return found


class SignedByAsWritten(TrimmedText):
    """Who signed, as people write it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=limits.CODE_MAX, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        found = _SIGNED_BY.get(text.casefold())
        if found is None:
            refuse(T("Write participant, parent, parents, guardian or mandate."))
        return found


class ConsentRow(Shape):
    """A form that was signed before this registry knew of it."""

    participant = TrimmedText(required=True, longest=limits.CODE_MAX)
    form = TrimmedText(required=True, longest=limits.CODE_MAX)
    version = WholeNumber(required=True, minimum=1, maximum=10_000)
    language = Choice(Language)
    signed_on = FrenchDate(required=True)
    information_given_on = FrenchDate()
    channel = Choice(Channel)
    signed_by = SignedByAsWritten()
    authority_from = FrenchDate()
    authority_to = FrenchDate()
    authority_file = TrimmedText(longest=_NAMES_MAX)
    alone_reason = TrimmedText(longest=limits.REASON_MAX)
    scans = TrimmedText(longest=_NAMES_MAX)


_ROW, _ANSWER = ConsentRow(), AnswerAsWritten()


def consent_values(values: Mapping[str, str]) -> ConsentValues:
    """The row's values, typed.

    :raises InvalidInput: with every problem by field.
    """
    own = {name: value for name, value in values.items() if not name.startswith(_PREFIX)}
    errors: dict[str, list[Message]] = {}
    read: dict[str, Any] = {}
    try:
        read = read_row(_ROW, own)
    except ValidationError as refusal:
        errors = errors_of(refusal)
    answers: dict[str, Answer] = {}
    for name, value in values.items():
        if name.startswith(_PREFIX) and value.strip():
            try:
                answers[name.removeprefix(_PREFIX)] = _ANSWER.deserialize(value)
            except ValidationError as refusal:
                errors[name] = errors_of(ValidationError({name: refusal.messages}))[name]
    if errors:
        raise InvalidInput(T("Some values cannot be taken."), errors=errors)
    return cast(
        ConsentValues,
        {
            **read,
            "form": read["form"].upper(),
            "language": read["language"] or Language.FRENCH,
            "channel": read["channel"] or Channel.IMPORT,
            "signed_by": read["signed_by"] or (SignatoryRole.SELF,),
            "scans": tuple(
                name.strip() for name in (read["scans"] or "").split("|") if name.strip()
            ),
            "answers": answers,
        },
    )
