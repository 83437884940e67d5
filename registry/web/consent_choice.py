"""Which form is recorded, signed or told of: by name in a list, and the one offered first."""

from collections.abc import Sequence

from registry.consents.templates import queries as forms
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.vocab.consent import Audience, Use
from registry.vocab.labels import label
from registry.web import language
from registry.web.forms.consents import FormChoiceForm


def name(template: ConsentTemplate) -> str:
    """What a form is called in a list."""
    return language.translate(
        T(
            "{title}, version {version} ({language})",
            title=template.title,
            version=template.number,
            language=label(template.language),
        )
    )


def choices() -> list[tuple[int, str]]:
    """Every form that was ever in use, by its name."""
    return [(one.id, name(one)) for one in forms.signable()]


def in_use() -> Sequence[ConsentTemplate]:
    """The forms that can be signed today."""
    today = clock.today()
    return [
        one
        for one in forms.signable()
        if one.valid_from <= today and (one.valid_to or today) >= today
    ]


def ask(
    templates: Sequence[ConsentTemplate], *, minor: bool = False
) -> tuple[FormChoiceForm, ConsentTemplate]:
    """The question which form it is, and the one that was chosen or is offered first.

    :raises NotFound: there is no such form, or no form at all.
    """
    choice = FormChoiceForm((one.id, name(one)) for one in templates)
    template = _chosen(templates, choice.cleaned.get("form"), minor=minor)
    choice.form.data = str(template.id)
    return choice, template


def _chosen(
    templates: Sequence[ConsentTemplate], template_id: int | None, *, minor: bool
) -> ConsentTemplate:
    """The form that was asked for; else the biobank form in use today, in the person's language."""
    for template in templates:
        if template.id == template_id:
            return template
    if template_id is not None or not templates:
        raise NotFound(T("There is no such form."))
    today = clock.today()
    spoken = language.current()
    audience = Audience.MINOR if minor else Audience.ADULT

    def fitness(template: ConsentTemplate) -> tuple[bool, bool, bool, bool]:
        in_use = template.valid_from <= today and (template.valid_to or today) >= today
        collects = any(Use.COLLECT in item.uses for item in template.items)
        return (
            in_use,
            template.audience is audience,
            collects,
            template.language.value == spoken,
        )

    return max(templates, key=fitness)
