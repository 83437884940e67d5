"""Consents and withdrawals as FHIR R4 Consent resources, in one Bundle."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from registry.consents.exchange import naming
from registry.consents.signing.models import Consent, ConsentSignatory
from registry.consents.templates.models import ConsentItem
from registry.consents.templates.wording import terms_of
from registry.consents.withdrawals.models import Withdrawal
from registry.kernel import clock
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.vocab.consent import CheckOutcome


def bundle(
    participant: Participant, consents: Iterable[Consent], withdrawals: Iterable[Withdrawal]
) -> str:
    """Everything that the participant agreed to, refused and took back, as JSON.

    Corrected records are in it as inactive ones.  It is validated before it
    leaves.

    :see: https://hl7.org/fhir/R4/consent.html
    """
    known = list(consents)
    corrected = {consent.supersedes_id for consent in known}
    resources = [
        *(_consent(participant, one, is_corrected=one.id in corrected) for one in known),
        *(_withdrawal(participant, one) for one in withdrawals),
    ]
    made = Bundle.model_validate(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": clock.now().isoformat(timespec="seconds"),
            "entry": [{"resource": resource} for resource in resources],
        }
    )
    return str(made.model_dump_json())


def _consent(participant: Participant, consent: Consent, *, is_corrected: bool) -> dict[str, Any]:
    template = consent.template
    answers = {answer.item.code: answer.answer for answer in consent.answers}
    resource = _resource(
        participant,
        naming.CONSENT,
        consent.id,
        consent.signed_on,
        status="inactive" if is_corrected else "active",
    )
    resource["policy"] = [
        {"uri": naming.template_uri(template.code, template.number, template.language.value)}
    ]
    resource["policyRule"] = {"coding": [dict(naming.REGIMES[template.regime])]}
    resource["extension"] = [
        {"url": naming.CHANNEL, "valueCode": consent.channel.value},
        {"url": naming.LANGUAGE, "valueCode": consent.language.value},
        *map(_signatory, consent.signatories),
    ]
    if consent.information_given_on:
        resource["extension"].append(
            {"url": naming.INFORMED, "valueDate": consent.information_given_on.isoformat()}
        )
    if consent.checks:
        last = consent.checks[-1]
        resource["verification"] = [
            {
                "verified": last.outcome is CheckOutcome.PASSED,
                "verificationDate": last.recorded_at.isoformat(timespec="seconds"),
            }
        ]
    resource["provision"] = {
        "type": "deny",
        "provision": [
            {
                "type": naming.PROVISION_TYPES[answers[item.code]],
                "period": _period(consent.signed_on, item),
                "code": [{"coding": [{"system": naming.ITEM, "code": item.code}]}],
                "purpose": [naming.duo_coding(*term) for term in sorted(terms_of(item))],
                "extension": [{"url": naming.ANSWER, "valueCode": answers[item.code].value}],
            }
            for item in template.items
            if item.code in answers
        ],
    }
    return resource


def _period(signed_on: date, item: ConsentItem) -> dict[str, str]:
    period = {"start": signed_on.isoformat()}
    if item.valid_months is not None:
        period["end"] = months_later(signed_on, item.valid_months).isoformat()
    return period


def _signatory(signatory: ConsentSignatory) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [
        {"url": "role", "valueCode": signatory.role.value},
        {"url": "stance", "valueCode": signatory.stance.value},
    ]
    for name in ("authority_from", "authority_to"):
        day: date | None = getattr(signatory, name)
        if day is not None:
            parts.append({"url": name, "valueDate": day.isoformat()})
    if signatory.alone_reason:
        parts.append({"url": "alone_reason", "valueString": signatory.alone_reason})
    return {"url": naming.SIGNATORY, "extension": parts}


def _withdrawal(participant: Participant, withdrawal: Withdrawal) -> dict[str, Any]:
    resource = _resource(
        participant, naming.WITHDRAWAL, withdrawal.id, withdrawal.effective_on, status="active"
    )
    resource["policyRule"] = {"coding": [{"system": naming.WITHDRAWAL, "code": "withdrawal"}]}
    resource["extension"] = [{"url": naming.CHANNEL, "valueCode": withdrawal.channel.value}]
    stopped = [
        *((naming.USE, use.value) for use in sorted(withdrawal.uses)),
        *((naming.ITEM, one.item_code) for one in withdrawal.items),
        *((naming.PROJECT, one.project) for one in withdrawal.projects),
    ]
    resource["provision"] = {
        "type": "deny",
        "period": {"start": withdrawal.effective_on.isoformat()},
        "code": [{"coding": [{"system": system, "code": code}]} for system, code in stopped],
        "action": [
            {"coding": [{"system": naming.EFFECT, "code": one.effect.value}]}
            for one in withdrawal.asked
        ],
    }
    return resource


def _resource(
    participant: Participant, system: str, number: int, day: date, *, status: str
) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "identifier": [{"system": system, "value": str(number)}],
        "status": status,
        "scope": {"coding": [naming.SCOPE]},
        "category": [{"coding": [naming.CATEGORY]}],
        "patient": {"identifier": {"system": naming.PARTICIPANT, "value": participant.code}},
        "dateTime": day.isoformat(),
    }
