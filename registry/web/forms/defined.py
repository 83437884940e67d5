"""Forms of defining an act, and of recording one that was defined."""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice

from registry.custody.defined import values
from registry.custody.defined.definition import HOLDERS, USES, Definition
from registry.custody.defined.queries import Version
from registry.kernel.messages import Bilingual, Message, T
from registry.vocab import limits
from registry.vocab.custody import HolderKind
from registry.vocab.defined import FieldKind, TypedField
from registry.web import templating
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import ChecksField, options
from registry.web.language import translate
from schemas.defined import ActDefinitionIn, NewActIn, is_begun, with_values

#: Where most acts are done: on the bench, in store or in somebody's hands.
_USUAL = (HolderKind.BENCH, HolderKind.POSITION, HolderKind.PERSON)


class TypedFieldForm(Form):  # type: ignore[misc]
    """One field of a defined act."""

    fr = StringField(T("French name"))
    en = StringField(T("English name"))
    kind = SelectField(T("What it takes"), choices=options(FieldKind))
    is_required = BooleanField(T("It must be filled in"))
    unit = StringField(T("Unit"))
    least = StringField(T("Least value"))
    most = StringField(T("Greatest value"))
    options = TextAreaField(T("Answers of a choice"))


class ActDefinitionForm(SchemaForm):
    """What a defined act is, in the next version."""

    schema = ActDefinitionIn

    #: The version that was the newest when the page was opened.
    after = HiddenField()
    fr = StringField(T("French name"), description=T("As it is read in the chain of custody."))
    en = StringField(T("English name"))
    holders = ChecksField(T("It may be done while a tube is"), choices=options(HOLDERS))
    use = SelectField(
        T("Is the sample used by it?"),
        choices=options(USES, blank=T("No, it is as before")),
        description=T(
            "If so, the participant’s consent is asked for that use each time, and neither a tube "
            "in quarantine nor one reserved or waiting for a decision can have it done."
        ),
    )
    needs_comment = BooleanField(T("A comment must be written"))
    asked = FieldList(FormField(TypedFieldForm))

    def __init__(self, version: Version | None = None) -> None:
        super().__init__(data=_written(version))
        while len(self.asked.entries) < limits.TYPED_FIELDS_MAX:
            self.asked.append_entry()
        for number, line in enumerate(self.asked.entries, start=1):
            for field in line.form:
                field.label.text = T("Field {number}, {what}", number=number, what=field.label.text)

    @property
    def definition(self) -> Definition:
        """The definition that was typed."""
        given = self.cleaned
        return Definition(
            name=Bilingual(given["en"], fr=given["fr"]),
            fields=tuple(_typed(line) for line in given["asked"] if is_begun(line)),
            holders=frozenset(given["holders"]),
            use=given["use"],
            needs_comment=given["needs_comment"],
        )


class NewActForm(ActDefinitionForm):
    """An act to define."""

    schema = NewActIn

    code = StringField(
        T("Code"), description=T("Short, such as SONIC. It is part of records and never changes.")
    )


def _typed(line: Mapping[str, Any]) -> TypedField:
    return TypedField(
        name=Bilingual(line["en"], fr=line["fr"]),
        kind=line["kind"],
        is_required=line["is_required"],
        unit=line["unit"],
        least=line["least"],
        most=line["most"],
        options=tuple(line["options"] or ()),
    )


def _written(version: Version | None) -> dict[str, Any]:
    """The form as somebody would have filled it in for this version."""
    if version is None:
        return {"holders": [holder.value for holder in _USUAL]}
    known = version.definition
    return {
        "after": version.number,
        "fr": known.name.fr,
        "en": known.name.en,
        "holders": [holder.value for holder in known.holders],
        "use": known.use.value if known.use else "",
        "needs_comment": known.needs_comment,
        "asked": [_line(one) for one in known.fields],
    }


def _line(field: TypedField) -> dict[str, Any]:
    return {
        "fr": field.name.fr,
        "en": field.name.en,
        "kind": field.kind.value,
        "is_required": field.is_required,
        "unit": field.unit or "",
        "least": "" if field.least is None else templating.quantity(field.least),
        "most": "" if field.most is None else templating.quantity(field.most),
        "options": "\n".join(f"{one.name.fr} / {one.name.en}" for one in field.options),
    }


class ActForm(SchemaForm):
    """A defined act that was done to tubes; made by `act_form`."""

    version = HiddenField()
    codes = TextAreaField(
        T("Tubes"),
        description=T("Scan each tube: one code on each line. VALIDER sends the list."),
    )
    happened_at = StringField(
        T("When"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
    comment = TextAreaField(T("Comment"))

    #: The fields of the definition, in their order.
    asked: tuple[TypedField, ...] = ()

    @property
    def given(self) -> dict[str, Any]:
        """The values that were typed, by the keys of the fields."""
        return {one.key: self.cleaned[one.given_as] for one in self.asked}


def act_form(version: Version, **kwargs: Any) -> ActForm:
    """The form with one control for each field of the definition."""
    definition = version.definition
    controls = {one.given_as: _control(one) for one in definition.fields}
    made: type[ActForm] = type(
        ActForm.__name__, (ActForm,), {**controls, "asked": definition.fields}
    )
    shape = with_values(definition.fields, needs_comment=definition.needs_comment)
    return made(shape=shape, version=version.number, **kwargs)


def _control(field: TypedField) -> Field:
    match field.kind:
        case FieldKind.TEXT:
            return TextAreaField(field.name)
        case FieldKind.NUMBER:
            return StringField(
                field.name, description=_range(field), render_kw={"inputmode": "decimal"}
            )
        case FieldKind.DATE:
            return StringField(field.name, description=T("Day/month/year, such as 12/03/2026."))
        case FieldKind.YES_NO:
            return _one_of(field, {"y": T("Yes"), "n": T("No")})
        case FieldKind.CHOICE:
            return _one_of(field, {one.key: one.name for one in field.options})


def _one_of(field: TypedField, answers: Mapping[str, Message]) -> Field:
    """Buttons where one must be chosen; otherwise a list that can be left alone."""

    def choices(blank: Message | None) -> Callable[[], list[SelectChoice]]:
        before = {} if blank is None else {"": blank}
        return lambda: [
            SelectChoice(key, translate(name)) for key, name in {**before, **answers}.items()
        ]

    if field.is_required:
        return RadioField(field.name, choices=choices(None))
    return SelectField(field.name, choices=choices(T("Not recorded")))


def _range(field: TypedField) -> Message | None:
    """Between which values, in which unit."""
    least, most = (
        None if bound is None else values.quantity(bound, field.unit)
        for bound in (field.least, field.most)
    )
    if least is not None and most is not None:
        return T("From {least} to {most}.", least=least, most=most)
    if least is not None:
        return T("At least {least}.", least=least)
    if most is not None:
        return T("At most {most}.", most=most)
    return None if field.unit is None else T("In {unit}.", unit=field.unit)
