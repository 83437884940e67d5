"""Reading templates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import FormText, ItemText
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.vocab.consent import Language, TemplateStatus


def signable() -> Sequence[ConsentTemplate]:
    """Every form that was ever in use, newest version first: paper travels slowly."""
    return registry_session.scalars(
        sa.select(ConsentTemplate)
        .where(ConsentTemplate.status != TemplateStatus.DRAFT)
        .order_by(
            ConsentTemplate.code, ConsentTemplate.number.desc(), ConsentTemplate.language.desc()
        )
    ).all()


def get(template_id: int) -> ConsentTemplate:
    """The form with its items.

    :raises NotFound: there is none.
    """
    template = registry_session.get(ConsentTemplate, template_id)
    if template is None:
        raise NotFound(T("There is no such form."))
    return template


def find(code: str, version: int, language: Language) -> ConsentTemplate | None:
    """The form of this code, version and language."""
    return registry_session.scalar(
        sa.select(ConsentTemplate).where(
            ConsentTemplate.code == code,
            ConsentTemplate.number == version,
            ConsentTemplate.language == language,
        )
    )


def every() -> Sequence[ConsentTemplate]:
    """Every version of every form, the newest of each first."""
    return registry_session.scalars(
        sa.select(ConsentTemplate)
        .options(orm.selectinload(ConsentTemplate.items))
        .order_by(
            ConsentTemplate.code, ConsentTemplate.number.desc(), ConsentTemplate.language.desc()
        )
    ).all()


def newest(code: str) -> Sequence[ConsentTemplate]:
    """The newest version of a form, in each of its languages.

    :raises NotFound: there is no such form.
    """
    found = [one for one in every() if one.code == code]
    if not found:
        raise NotFound(T("There is no such form."))
    return [one for one in found if one.number == found[0].number]


def other_languages(template: ConsentTemplate) -> Sequence[ConsentTemplate]:
    """The same version in the other languages."""
    return registry_session.scalars(
        sa.select(ConsentTemplate).where(
            ConsentTemplate.code == template.code,
            ConsentTemplate.number == template.number,
            ConsentTemplate.id != template.id,
        )
    ).all()


def text_of(template: ConsentTemplate, **changes: Any) -> FormText:
    """The form as somebody wrote it, with `changes`."""
    written = FormText(
        code=template.code,
        version=template.number,
        language=template.language,
        title=template.title,
        regime=template.regime,
        items=[ItemText.of(item) for item in template.items],
        valid_from=template.valid_from,
        valid_to=template.valid_to,
        audience=template.audience,
        change_rule=template.change_rule,
        change_by=template.change_by,
        proof_within_days=template.proof_within_days,
    )
    return replace(written, **changes)
