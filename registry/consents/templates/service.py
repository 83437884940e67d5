"""Writing the forms, putting them in use and retiring them."""

import hashlib
from collections.abc import Sequence
from datetime import date

from registry import audit, documents
from registry.access import Permission, require
from registry.consents.templates import policies, printing, queries
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import FormText, ItemText
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Language, TemplateStatus


@transactional
def write(actor: Actor, form: FormText) -> ConsentTemplate:
    """Write a draft.

    :raises InvalidInput: this version exists in this language, two items have
        one code, a condition lacks its value, or the dates contradict each other.
    """
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    policies.check_change(form)
    policies.check_items(form.items)
    if queries.find(form.code, form.version, form.language):
        raise InvalidInput(
            T("This version of the form exists already in this language."), field="version"
        )
    template = ConsentTemplate(
        code=form.code,
        number=form.version,
        language=form.language,
        status=TemplateStatus.DRAFT,
        recorded_at=clock.now(),
    )
    registry_session.add(template)
    _fill(template, form)
    audit.record(actor, AuditTag.CONSENT_TEMPLATE_WRITTEN, template)
    return template


@transactional
def revise(actor: Actor, template_id: int, form: FormText) -> ConsentTemplate:
    """Write a draft anew; its code, version and language stay.

    :raises RuleBroken: it is no draft.
    :raises InvalidInput: as for `write`.
    """
    template = lock_row(ConsentTemplate, template_id)
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    policies.check_is_draft(template)
    policies.check_change(form)
    policies.check_items(form.items)
    _fill(template, form)
    audit.record(actor, AuditTag.CONSENT_TEMPLATE_WRITTEN, template)
    return template


def _fill(template: ConsentTemplate, form: FormText) -> None:
    for name in (
        "title",
        "regime",
        "audience",
        "valid_from",
        "valid_to",
        "change_rule",
        "change_by",
        "proof_within_days",
    ):
        setattr(template, name, getattr(form, name))
    # The old items leave first: the new ones may take their codes and places.
    template.items.clear()
    registry_session.flush()
    template.items.extend(item.row(place) for place, item in enumerate(form.items, start=1))
    registry_session.flush()


@transactional
def put_items(actor: Actor, template_id: int, items: Sequence[ItemText]) -> ConsentTemplate:
    """Let a draft ask these questions, in this order.

    :raises RuleBroken: it is no draft.
    :raises InvalidInput: as for `write`.
    """
    template = queries.get(template_id)
    return revise(actor, template_id, queries.text_of(template, items=items))


@transactional
def begin_version(actor: Actor, code: str) -> Sequence[ConsentTemplate]:
    """Copy the newest version of a form, in each of its languages, as drafts of the next one.

    :raises NotFound: there is no such form.
    :raises RuleBroken: the newest version is still a draft.
    """
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    advisory_lock(f"consent_template:{code}")
    newest = queries.newest(code)
    for template in newest:
        policies.check_has_been_used(template)
    return [
        write(actor, queries.text_of(one, version=one.number + 1, valid_from=clock.today()))
        for one in newest
    ]


@transactional
def begin_language(actor: Actor, template_id: int, language: Language) -> ConsentTemplate:
    """Copy a version as a draft in another language, its words to be translated.

    :raises InvalidInput: the version exists in that language.
    """
    template = queries.get(template_id)
    return write(actor, queries.text_of(template, language=language))


@transactional
def discard(actor: Actor, template_id: int) -> None:
    """Throw a draft away: nobody has signed it.

    :raises RuleBroken: it is no draft.
    """
    template = lock_row(ConsentTemplate, template_id)
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    policies.check_is_draft(template)
    audit.record(actor, AuditTag.CONSENT_TEMPLATE_DISCARDED, template)
    registry_session.delete(template)
    registry_session.flush()


@transactional
def finalise(actor: Actor, template_id: int) -> ConsentTemplate:
    """Put a draft in use: from now on its text is what people sign, and stays.

    The PDF that people sign is made and kept, and the form bears its SHA-256.

    :raises RuleBroken: it is no draft, asks nothing, or asks something else
        than the same version in another language.
    """
    template = lock_row(ConsentTemplate, template_id)
    require(actor, Permission.CONSENT_TEMPLATE_EDIT)
    policies.check_can_become(template, TemplateStatus.FINAL)
    policies.check_can_be_used(template, queries.other_languages(template))
    content = printing.pdf(template)
    document = documents.keep(
        documents.put(content), name=printing.file_name(template), media_type="application/pdf"
    )
    template.document_id = document.id
    template.document_sha256 = hashlib.sha256(content).hexdigest()
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
