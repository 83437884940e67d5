"""Shapes of recording a signed form, its proof, a correction of it and a withdrawal."""

from collections.abc import Iterable
from typing import Any

from marshmallow.fields import Field, Nested

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.consent import (
    Answer,
    Channel,
    CheckOutcome,
    Language,
    ProofReason,
    SignatoryRole,
    Stance,
)
from schemas.base import Shape
from schemas.contacts import ParticipantCodes
from schemas.dates import FrenchDate
from schemas.fields import Choice, Flag, TrimmedText, WholeNumber

_ID_MAX = 2**31 - 1
#: A point takes eight characters at most: two numbers of three digits, a comma and a space.
_STROKES_MAX = 8 * limits.SIGNATURE_POINTS_MAX


class SignedIn(Shape):
    """What is asked about every signature; the people and the answers depend on the form."""

    information_given_on = FrenchDate()


class ConsentIn(SignedIn):
    """A form that was signed; its answers depend on the form."""

    signed_on = FrenchDate(required=True)
    channel = Choice(Channel, required=True)
    language = Choice(Language, required=True)


class CorrectionIn(ConsentIn):
    """The same form, recorded anew because the record was wrong."""

    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )

    keeps_proofs = Flag()


class SigningIn(SignedIn):
    """A form that is signed on the screen: what was shown, and the professional’s strokes."""

    text_sha256 = TrimmedText(required=True, longest=64)
    drawn_professional = TrimmedText(longest=_STROKES_MAX)


class AnswersIn(Shape):
    """The answers to a form's items, by the items' codes."""

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Ask for what is missing in the words of a question."""
        super().on_bind_field(field_name, field_obj)
        field_obj.error_messages["required"] = [T("Choose an answer.")]


def with_answers(
    shape: type[SignedIn], codes: Iterable[str], roles: Iterable[SignatoryRole] = ()
) -> Shape:
    """The shape with a required answer to each of the form's items, under ``answers``.

    Of each of the `roles` it asks what that person thinks and, on the screen, the signature.
    """
    answers = AnswersIn.from_dict({code: Choice(Answer, required=True) for code in codes})
    fields: dict[str, Any] = {"answers": Nested(answers, required=True)}
    for role in roles:
        fields[f"stance_{role.value}"] = Choice(Stance)
        fields[f"drawn_{role.value}"] = TrimmedText(longest=_STROKES_MAX)
    fields |= {
        "authority_from": FrenchDate(),
        "authority_to": FrenchDate(),
        "alone_reason": TrimmedText(
            shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
        ),
    }
    whole: type[Shape] = type(shape.__name__, (shape,), fields)
    return whole()


class ProofIn(Shape):
    """The scans themselves come as files."""


class ProofOpenIn(Shape):
    """Why the scan of a signed form is needed."""

    kind = Choice(ProofReason, required=True)
    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class CheckIn(Shape):
    """What a second person found on comparing the record with its scan."""

    outcome = Choice(CheckOutcome, required=True)
    remark = TrimmedText(longest=limits.REASON_MAX, lines=True)


class InformIn(Shape):
    """Who was informed of a version of a form, when and how."""

    codes = ParticipantCodes(required=True)
    template_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    informed_on = FrenchDate(required=True)
    channel = Choice(Channel, required=True)


class CohortChoiceIn(Shape):
    """Whose consents are shown."""

    cohort = WholeNumber(minimum=1, maximum=_ID_MAX)


class FormChoiceIn(Shape):
    """Which form was signed."""

    form = WholeNumber(minimum=1, maximum=_ID_MAX)
