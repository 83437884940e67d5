"""Which forms may be signed when, and which answers are complete."""

from collections.abc import Mapping
from datetime import date

from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab.consent import Answer, Channel, Regime, TemplateStatus

#: How a signed agreement can reach the registry; what is only said is no signature.
WRITTEN = frozenset({Channel.PAPER, Channel.LETTER, Channel.EMAIL, Channel.IMPORT})


def check_can_be_signed(template: ConsentTemplate, signed_on: date) -> None:
    """A form is signed in its final text, while it is valid.

    A retired form is still taken when it was signed before it was retired:
    paper travels slowly.

    :raises InvalidInput: the form was not in use on that day, or the day is to come.
    """
    if signed_on > clock.today():
        raise InvalidInput(T("This day is still to come. Correct the date."), field="signed_on")
    if template.status is TemplateStatus.DRAFT:
        raise InvalidInput(T("This form is a draft and cannot be signed."), field="template_id")
    if signed_on < template.valid_from or (template.valid_to and signed_on > template.valid_to):
        raise InvalidInput(
            T(
                "This version of the form was not in use on that day. "
                "Choose the one that was signed."
            ),
            field="signed_on",
        )


def check_information(information_given_on: date | None, signed_on: date) -> None:
    """One is informed before one signs.

    :raises InvalidInput: the information came after the signature.
    """
    if information_given_on is not None and information_given_on > signed_on:
        raise InvalidInput(
            T("The information is given before the form is signed. Correct one of the dates."),
            field="information_given_on",
        )


def check_channel(template: ConsentTemplate, channel: Channel) -> None:
    """An express consent is written.

    :raises InvalidInput: it was only said.
    """
    if template.regime is Regime.EXPRESS and channel not in WRITTEN:
        raise InvalidInput(
            T("This form needs a signature: what is only said cannot be recorded as a consent."),
            field="channel",
        )


def check_answers(template: ConsentTemplate, answers: Mapping[str, Answer]) -> None:
    """Every item of the form has an answer, “not asked” included, and no other has.

    :raises InvalidInput: an answer is missing or belongs to no item.
    """
    codes = [item.code for item in template.items]
    errors: dict[str, list[Message]] = {
        code: [T("Choose an answer.")] for code in codes if code not in answers
    }
    if errors:
        raise InvalidInput(T("An answer is missing."), errors=errors)
    if set(answers) - set(codes):
        raise InvalidInput(T("The form has no such item."), field="template_id")
