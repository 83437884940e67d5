"""The records on which a decision about consent rests, as people know them, and where to read them.

A decision names records as ``kind:id``; one that is not among the participant's
own keeps that name and leads nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from registry.access import Permission, allows
from registry.consents.decision.explaining import Explanation
from registry.consents.signing import queries as consents
from registry.consents.signing.models import Consent
from registry.consents.templates import queries as templates
from registry.consents.templates.models import ConsentTemplate
from registry.consents.withdrawals import queries as withdrawals
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.participants.models import Participant
from registry.vocab.consent import Language
from registry.vocab.labels import label


@dataclass(frozen=True)
class Evidence:
    """A record, in words, and its page."""

    text: Message
    url: str | None = None


def of(actor: Actor, participant: Participant, found: Explanation) -> Mapping[str, Evidence]:
    """Every record that the explanation names, by the name it has there."""
    named = set(found.decision.evidence)
    for answer in found.answers:
        named.update(answer.decision.evidence, *(step.evidence for step in answer.steps))
    known = dict(_records(actor, participant)) if found.answers else {}
    known.update((ref, _version(actor, ref)) for ref in named if ref.startswith("consent_template"))
    return {ref: known.get(ref) or Evidence(T("Record {name}", name=ref)) for ref in named}


def _records(actor: Actor, participant: Participant) -> Iterator[tuple[str, Evidence]]:
    """What is on record for the participant."""
    home = url_for("participants.show", code=participant.code, _anchor="consents")
    for consent in consents.of_participant(actor, participant.id):
        form = _form(consent.template)
        signed = T("{form}, signed on {day}", form=form, day=consent.signed_on)
        yield consent.audit_ref, Evidence(signed, home)
        yield from _papers(actor, participant, consent)
    for one in consents.informed(actor, participant.id):
        told = T("Informed of {form} on {day}", form=_form(one.template), day=one.informed_on)
        yield one.audit_ref, Evidence(told, home)
    for stop in withdrawals.of_participant(actor, participant.id):
        text = T("Withdrawal from {day}: {scope}", day=stop.effective_on, scope=label(stop.scope))
        yield stop.audit_ref, Evidence(text, url_for("withdrawals.show", withdrawal_id=stop.id))


def _papers(
    actor: Actor, participant: Participant, consent: Consent
) -> Iterator[tuple[str, Evidence]]:
    url = None
    if allows(actor, Permission.CONSENT_PROOF_READ, participant):
        url = url_for("proofs.look", code=participant.code, consent_id=consent.id)
    for proof in consent.proofs:
        text = T(
            "{kind}, attached on {day}",
            kind=label(proof.kind),
            day=clock.to_paris(proof.recorded_at).date(),
        )
        yield f"consent_proof:{proof.id}", Evidence(text, url)
    for check in consent.checks:
        text = T(
            "Check of {day}: {outcome}",
            day=_on(check.recorded_at),
            outcome=label(check.outcome),
        )
        yield f"consent_check:{check.id}", Evidence(text, url)


def _on(moment: datetime) -> date:
    return clock.to_paris(moment).date()


def _version(actor: Actor, ref: str) -> Evidence:
    _kind, code, number, language = ref.split(":")
    form = templates.find(code, int(number), Language(language))
    if form is None:
        return Evidence(T("Record {name}", name=ref))
    url = None
    if allows(actor, Permission.CONSENT_TEMPLATE_READ):
        url = url_for("consent_forms.show", template_id=form.id)
    return Evidence(_form(form), url)


def _form(template: ConsentTemplate) -> Message:
    return T("{title}, version {number}", title=template.title, number=template.number)
