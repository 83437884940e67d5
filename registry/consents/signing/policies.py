"""Which forms may be signed when, and which answers are complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.consents.signing.models import Consent
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.consent import Answer, Channel, ProofState, Regime, TemplateStatus

#: How a signed agreement can reach the registry; what is only said is no signature.
WRITTEN = frozenset({Channel.PAPER, Channel.LETTER, Channel.EMAIL, Channel.IMPORT, Channel.SCREEN})
#: How a form that was signed elsewhere can reach a person who records it.
RECORDED = tuple(one for one in Channel if one not in (Channel.SCREEN, Channel.ONLINE))


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


def check_informs(template: ConsentTemplate, informed_on: date) -> None:
    """People are informed of a version that is or was in use, not of a draft.

    :raises InvalidInput: it is a draft, began later, or the day is still to come.
    """
    if informed_on > clock.today():
        raise InvalidInput(T("This day is still to come. Correct the date."), field="informed_on")
    if template.status is TemplateStatus.DRAFT or informed_on < template.valid_from:
        raise InvalidInput(T("This version was not in use on that day."), field="informed_on")


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


def check_is_recorded(channel: Channel) -> None:
    """What is signed on the screen or said on the participant’s own page records itself.

    :raises InvalidInput: it is recorded by hand.
    """
    if channel not in RECORDED:
        raise InvalidInput(
            T("This way of signing records itself. Say how the form reached you."),
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


def check_can_be_corrected(consent: Consent) -> None:
    """What was signed on the screen is what the participant answered; it is only signed anew.

    :raises RuleBroken: it was signed on the screen.
    """
    if consent.channel is Channel.SCREEN:
        raise RuleBroken(
            T("The participant answered this on the screen. Have it signed there again instead.")
        )


def check_takes_proofs(consent: Consent, is_corrected: bool, added: int) -> None:
    """Papers are attached to the record that counts, of somebody whose identity is kept.

    :raises InvalidInput: no file was handed in.
    :raises RuleBroken: it is not so, or there would be too many.
    """
    if not added:
        raise InvalidInput(T("Choose the file of the scan or of the photo."), field="scans")
    if is_corrected:
        raise RuleBroken(T("This record has been corrected. Attach the scan to the newer one."))
    if consent.participant.identity_erased_on is not None:
        raise RuleBroken(
            T("The identity was erased, as the law allows: a scan would bring the name back.")
        )
    if len(consent.proofs) + added > limits.SCANS_MAX:
        raise RuleBroken(T("A consent has at most {most} files.", most=limits.SCANS_MAX))


def check_can_be_opened(consent: Consent) -> None:
    """There is something to be seen.

    :raises RuleBroken: nothing is attached, or it was destroyed with the identity.
    """
    if consent.participant.identity_erased_on is not None:
        raise RuleBroken(T("The scans were destroyed together with the identity."))
    if not consent.proofs:
        raise RuleBroken(T("No scan is attached yet. Attach it first."))


def checked_reason(reason: str) -> str:
    """The reason without its outer spaces.

    :raises InvalidInput: it is too short to be one, or too long.
    """
    reason = reason.strip()
    if not limits.REASON_MIN <= len(reason) <= limits.REASON_MAX:
        raise InvalidInput(
            T("Say why the scan is needed, in {least} to {most} characters.",
              least=limits.REASON_MIN, most=limits.REASON_MAX),
            field="reason",
        )  # fmt: skip
    return reason


@dataclass(frozen=True)
class ProofStanding:
    """Whether the proof of a consent is there, and by when it must be."""

    state: ProofState
    due_on: date | None = None


def proof_standing(consent: Consent, today: date) -> ProofStanding:
    """What is to be said of the proof of a consent on a day."""
    if consent.proofs:
        erased = consent.participant.identity_erased_on is not None
        return ProofStanding(ProofState.DESTROYED if erased else ProofState.ATTACHED)
    within = consent.template.proof_within_days
    if within is None:
        return ProofStanding(ProofState.NOT_ASKED)
    due_on = proof_due_on(consent.recorded_at, within)
    return ProofStanding(ProofState.DUE if today <= due_on else ProofState.MISSING, due_on)


def proof_due_on(recorded_at: datetime, within_days: int) -> date:
    """The last day on which a consent may stand without its proof."""
    return clock.to_paris(recorded_at).date() + timedelta(days=within_days)
