"""Reading templates."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.consents.templates.models import ConsentTemplate
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
