"""Writing the forms, putting them in use and retiring them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry import audit
from registry.access import Permission, require
from registry.consents.templates import policies, queries
from registry.consents.templates.models import ConsentItem, ConsentItemUse, ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Language, Regime, TemplateStatus, Use


@dataclass(frozen=True)
class ItemText:
    """An item as it is written."""

    code: str
    text: str
    uses: frozenset[Use]
    mandatory: bool = False
    valid_months: int | None = None


@dataclass(frozen=True)
class FormText:
    """A form as it is written, in one version and language."""

    code: str
    version: int
    language: Language
    title: str
    regime: Regime
    items: Sequence[ItemText]
    valid_from: date
    valid_to: date | None = None


@transactional
def write(actor: Actor, form: FormText) -> ConsentTemplate:
    """Write a draft.

    :raises InvalidInput: this version exists in this language, there is no item,
        or two items have one code.
    """
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    codes = [item.code for item in form.items]
    if not codes or len(set(codes)) < len(codes):
        raise InvalidInput(T("A form has items, each with a code of its own."), field="items")
    if queries.find(form.code, form.version, form.language):
        raise InvalidInput(
            T("This version of the form exists already in this language."), field="version"
        )
    template = ConsentTemplate(
        code=form.code,
        number=form.version,
        language=form.language,
        title=form.title,
        regime=form.regime,
        status=TemplateStatus.DRAFT,
        valid_from=form.valid_from,
        valid_to=form.valid_to,
        recorded_at=clock.now(),
        items=[
            ConsentItem(
                code=item.code,
                position=position,
                text=item.text,
                mandatory=item.mandatory,
                valid_months=item.valid_months,
                covers=[ConsentItemUse(use=use) for use in sorted(item.uses)],
            )
            for position, item in enumerate(form.items, start=1)
        ],
    )
    registry_session.add(template)
    registry_session.flush()
    audit.record(actor, AuditTag.CONSENT_TEMPLATE_WRITTEN, template)
    return template


@transactional
def finalise(actor: Actor, template_id: int) -> ConsentTemplate:
    """Put a draft in use: from now on its text is what people sign, and stays.

    :raises RuleBroken: it is no draft.
    """
    template = lock_row(ConsentTemplate, template_id)
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    policies.check_can_become(template, TemplateStatus.FINAL)
    template.document_sha256 = digest(template)
    template.status = TemplateStatus.FINAL
    audit.record(actor, AuditTag.CONSENT_TEMPLATE_FINAL, template, sha256=template.document_sha256)
    return template


@transactional
def retire(actor: Actor, template_id: int, *, last_day: date) -> ConsentTemplate:
    """Let nobody sign the form after `last_day`; what was signed keeps its force.

    :raises RuleBroken: it is not in use.
    :raises InvalidInput: `last_day` lies before the first day of the form.
    """
    template = lock_row(ConsentTemplate, template_id)
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    policies.check_can_become(template, TemplateStatus.RETIRED)
    if last_day < template.valid_from:
        raise InvalidInput(T("The form was not in use yet on that day."), field="last_day")
    template.status = TemplateStatus.RETIRED
    template.valid_to = last_day
    audit.record(actor, AuditTag.CONSENT_TEMPLATE_RETIRED, template, last_day=last_day)
    return template


def digest(template: ConsentTemplate) -> str:
    """SHA-256 of everything that the form says, in one canonical form."""
    said = {
        "code": template.code,
        "version": template.number,
        "language": template.language,
        "title": template.title,
        "regime": template.regime,
        "items": [
            {
                "code": item.code,
                "text": item.text,
                "mandatory": item.mandatory,
                "valid_months": item.valid_months,
                "uses": sorted(item.uses),
            }
            for item in template.items
        ],
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
