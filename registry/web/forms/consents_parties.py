"""The part of a form that says who signed, on paper or on the screen."""

from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import FileField

from registry.consents.signing.models import Consent
from registry.consents.signing.parties import ON_AUTHORITY, RULES, SELF, Signatory
from registry.consents.templates.models import ConsentTemplate
from registry.kernel.messages import T
from registry.vocab.consent import Audience, SignatoryRole, Stance
from registry.vocab.labels import label
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options

_OTHERS = tuple(stance for stance in Stance if stance is not Stance.UNABLE)


def roles_of(audience: Audience) -> tuple[SignatoryRole, ...]:
    """Of whom it is asked what they said: an adult signs without being named."""
    allowed = RULES[audience].allowed
    return tuple(role for role in allowed if audience is not Audience.ADULT or role is not SELF)


def fields_of(audience: Audience) -> dict[str, Any]:
    """The fields that say who signed a form for these people."""
    roles = roles_of(audience)
    fields: dict[str, Any] = {
        f"stance_{role.value}": SelectField(
            label(role),
            choices=options(Stance if role is SELF else _OTHERS, blank=T("Did not sign")),
        )
        for role in roles
    }
    if audience is Audience.MINOR:
        fields["alone_reason"] = TextAreaField(
            T("If one parent alone was informed: why?"),
            description=T("The other parent may act later. Write no name."),
        )
    if ON_AUTHORITY & set(roles):
        fields |= {
            "authority_from": StringField(T("Judgment or mandate: from")),
            "authority_to": StringField(T("Judgment or mandate: until")),
            "authority_file": FileField(
                T("Judgment or mandate (PDF, JPEG or PNG)"),
                description=T("For a guardian or the holder of a mandate."),
            ),
        }
    return fields


def stances(form: SchemaForm) -> list[Any]:
    """The fields that say what each person thinks of it."""
    return [field for field in form if field.short_name.startswith("stance_")]


def drawn_fields(audience: Audience) -> dict[str, Any]:
    """The hidden fields in which the drawn signatures are sent."""
    names = [role.value for role in (SELF, *roles_of(audience))]
    return {f"drawn_{name}": HiddenField() for name in [*dict.fromkeys(names), "professional"]}


def signatories(
    form: SchemaForm, template: ConsentTemplate, corrects: Consent | None = None
) -> tuple[Signatory, ...]:
    """Who signed, as the form says; a correction keeps the papers of the record it corrects."""
    kept = {one.role: one.authority_document_id for one in corrects.signatories} if corrects else {}
    found = tuple(_named(form, template.audience, kept))
    named = {one.role for one in found}
    is_adult = template.audience is Audience.ADULT
    if is_adult and named and SignatoryRole.TRUSTED_PERSON not in named:
        return (Signatory(SELF), *found)
    return found


def _named(
    form: SchemaForm, audience: Audience, kept: Mapping[SignatoryRole, int | None]
) -> Iterator[Signatory]:
    given = form.cleaned
    for role in roles_of(audience):
        stance = given[f"stance_{role.value}"]
        if stance is None and given[f"drawn_{role.value}"]:
            # Whoever drew a signature under the form agrees to it.
            stance = Stance.AGREES
        if stance is None:
            continue
        if role in ON_AUTHORITY:
            yield Signatory(
                role,
                stance,
                paper=_content(form),
                authority_document_id=kept.get(role),
                authority_from=given["authority_from"],
                authority_to=given["authority_to"],
            )
        else:
            reason = given["alone_reason"] if role is SignatoryRole.PARENT else None
            yield Signatory(role, stance, alone_reason=reason)


def _content(form: SchemaForm) -> bytes | None:
    file = form["authority_file"].data
    return (file.read() or None) if file else None


def as_typed(consent: Consent) -> dict[str, Any]:
    """The people who signed, as somebody would have typed it."""
    typed: dict[str, Any] = {}
    for one in consent.signatories:
        typed[f"stance_{one.role.value}"] = one.stance.value
        if one.alone_reason:
            typed["alone_reason"] = one.alone_reason
        for name in ("authority_from", "authority_to"):
            day = getattr(one, name)
            if day:
                typed[name] = day.strftime("%d/%m/%Y")
    return typed
