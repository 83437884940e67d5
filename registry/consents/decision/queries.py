"""What a participant's consent allows, for people who may see the participant."""

from datetime import date

from registry.access import Permission, require
from registry.consents.decision import deciding
from registry.consents.decision.deciding import Decision
from registry.consents.decision.facts import Signatory, SignedConsent
from registry.consents.decision.forms import ItemAnswer
from registry.consents.signing.service import SignedForm
from registry.consents.templates import queries as templates
from registry.consents.templates.wording import terms_of
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants import queries as participants
from registry.vocab.consent import Use


def standing(actor: Actor, participant_id: int, on: date | None = None) -> dict[Use, Decision]:
    """What the participant's consent allows for each use on a day, today when none is given.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.PARTICIPANT_READ, participant)
    return deciding.decide_uses(participant_id, Use, on or clock.today())


def preview(actor: Actor, participant_id: int, form: SignedForm) -> dict[Use, Decision]:
    """What the participant's consent would allow today if the form were recorded.

    :raises NotFound: the participant is at no site of the actor's, or there is no such form.
    """
    participants.get_by_id(actor, participant_id)
    template = templates.get(form.template_id)
    signed = SignedConsent(
        ref="consent:new",
        participant_id=participant_id,
        regime=template.regime,
        signed_on=form.signed_on,
        information_given_on=form.information_given_on,
        recorded_at=clock.now(),
        items=tuple(
            ItemAnswer(
                code=item.code,
                uses=item.uses,
                mandatory=item.mandatory,
                valid_months=item.valid_months,
                answer=form.answers.get(item.code),
                terms=terms_of(item),
            )
            for item in template.items
        ),
        signatories=tuple(
            Signatory(
                role=one.role,
                stance=one.stance,
                has_authority=bool(one.paper or one.authority_document_id),
                authority_from=one.authority_from,
                authority_to=one.authority_to,
            )
            for one in form.signatories
        ),
        code=template.code,
        number=template.number,
        audience=template.audience,
        proof_within_days=template.proof_within_days,
    )
    return deciding.preview(participant_id, signed, Use, clock.today())
