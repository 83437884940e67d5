"""What a defined act is: its name, its fields, and the rules that it is done by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.custody.policies import ALLOWED_FROM
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Bilingual, T
from registry.vocab import limits
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.defined import FieldKind, TypedField

#: The holders from which a definition may let its act be done, in the order of a sample's life.
HOLDERS: Sequence[HolderKind] = [
    holder for holder in HolderKind if holder in ALLOWED_FROM[ActKind.DEFINED]
]
#: What an act that uses a sample can be for: only the comment of an act says what OTHER is.
USES: Sequence[CheckoutReason] = [
    reason for reason in CheckoutReason if reason is not CheckoutReason.OTHER
]


@dataclass(frozen=True)
class Definition:
    """One version of a defined act."""

    name: Bilingual
    fields: tuple[TypedField, ...] = ()
    holders: frozenset[HolderKind] = frozenset(HOLDERS)
    #: What the consents are asked because the act uses the sample; None: it does not.
    use: CheckoutReason | None = None
    needs_comment: bool = False

    def as_json(self) -> dict[str, Any]:
        """Its JSON form."""
        return {
            "fr": self.name.fr,
            "en": self.name.en,
            "fields": [one.as_json() for one in self.fields],
            "holders": [holder.value for holder in HOLDERS if holder in self.holders],
            "use": None if self.use is None else self.use.value,
            "needs_comment": self.needs_comment,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Definition":
        """The reverse of `as_json`."""
        return cls(
            name=Bilingual(kept["en"], fr=kept["fr"]),
            fields=tuple(TypedField.of_json(one) for one in kept["fields"]),
            holders=frozenset(map(HolderKind, kept["holders"])),
            use=None if kept["use"] is None else CheckoutReason(kept["use"]),
            needs_comment=kept["needs_comment"],
        )


def check(definition: Definition) -> None:
    """Refuse a definition by which nothing could be recorded.

    :raises InvalidInput: it is done nowhere, two fields or two options have
        one name, a choice offers no choice, or no number could be given.
    """
    if not definition.holders or not definition.holders <= ALLOWED_FROM[ActKind.DEFINED]:
        raise InvalidInput(T("Say at least one place where it may be done."), field="holders")
    if definition.use is not None and definition.use not in USES:
        raise InvalidInput(T("Choose one of the values offered."), field="use")
    if len(definition.fields) > limits.TYPED_FIELDS_MAX:
        raise InvalidInput(
            T("An act has at most {most} fields.", most=limits.TYPED_FIELDS_MAX), field="asked"
        )
    _check_apart((one.key for one in definition.fields), "asked")
    for one in definition.fields:
        _check_field(one)


def _check_field(field: TypedField) -> None:
    is_choice, is_number = field.kind is FieldKind.CHOICE, field.kind is FieldKind.NUMBER
    said = {"field": field.name}
    if is_choice != bool(field.options) or (is_choice and len(field.options) == 1):
        raise InvalidInput(
            T("{field}: a choice, and nothing else, has two answers or more.", **said),
            field="asked",
        )
    if len(field.options) > limits.TYPED_OPTIONS_MAX:
        raise InvalidInput(
            T("A choice has at most {most} answers.", most=limits.TYPED_OPTIONS_MAX),
            field="asked",
        )
    _check_apart((one.key for one in field.options), "asked")
    if not is_number and (field.unit, field.least, field.most) != (None, None, None):
        raise InvalidInput(T("{field}: only a number has a unit and bounds.", **said),
                           field="asked")  # fmt: skip
    if field.least is not None and field.most is not None and field.least > field.most:
        raise InvalidInput(
            T("{field}: the least value is above the greatest.", **said), field="asked"
        )


def _check_apart(keys: Iterable[str], field: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if not key:
            raise InvalidInput(
                T("Each English name needs letters or digits that tell it from others."),
                field=field,
            )
        if key in seen:
            raise InvalidInput(
                T("Two have the same English name, or nearly: {key}.", key=key), field=field
            )
        seen.add(key)
