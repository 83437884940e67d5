"""What is handed to the vault: the traits of a person, a hospital number, a source row.

These hold identifying values in clear for as long as one call lasts.  Their
printed form is empty, so that no log or error page shows one.
"""

import re
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property

from registry.identity import normalise
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.identity import REQUIRED_TRAITS, Trait
from registry.vocab.people import Sex

_NAMES = (Trait.BIRTH_NAME, Trait.GIVEN_NAMES, Trait.USED_NAME)
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, repr=False)
class Traits:
    """The identifying traits of one person, as they were received."""

    birth_name: str | None = None
    given_names: str | None = None
    used_name: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    birth_place: str | None = None
    postal_code: str | None = None
    town: str | None = None
    used_given_names: str | None = None

    def __post_init__(self) -> None:
        for name in _TEXTS:
            value = getattr(self, name)
            if value is not None and (text := value.strip() or None) != value:
                object.__setattr__(self, name, text)

    @cached_property
    def missing(self) -> tuple[Trait, ...]:
        """The required traits that are not there."""
        return tuple(trait for trait in REQUIRED_TRAITS if not getattr(self, trait.value))

    def as_text(self) -> dict[Trait, str]:
        """Each trait that is there, as the text that is sealed."""
        values = ((trait, getattr(self, name)) for trait, name in _TRAITS)
        return {trait: str(value) for trait, value in values if value}

    @classmethod
    def from_text(cls, values: dict[Trait, str]) -> "Traits":
        """The traits whose text was sealed."""
        given = {trait.value: text for trait, text in values.items()}
        born, sex = given.pop(Trait.BIRTH_DATE, None), given.pop(Trait.SEX, None)
        return cls(
            **given,
            birth_date=date.fromisoformat(born) if born else None,
            sex=Sex(sex) if sex else None,
        )


_TRAITS = tuple((Trait(field.name), field.name) for field in fields(Traits))
_TEXTS = tuple(name for trait, name in _TRAITS if trait not in (Trait.BIRTH_DATE, Trait.SEX))


@dataclass(frozen=True, repr=False)
class HospitalId:
    """A number that a hospital site gave to a person (IPP)."""

    site: str
    number: str


@dataclass(frozen=True)
class SourceRef:
    """The row of another system that an identity was read from: read again, it changes nothing."""

    system: str
    row: str


def check(traits: Traits, identifier: HospitalId | None) -> None:
    """Refuse what cannot be taken as a person's identity, all reasons at once.

    :raises InvalidInput: a value is out of range, or there is too little to
        know the person by.
    """
    errors = _errors(traits, identifier)
    if not identifier:
        for trait in traits.missing:
            errors.setdefault(trait.value, []).append(
                T("Give this, or the hospital identifier of the person.")
            )
    _refuse(errors)


def check_values(traits: Traits, identifier: HospitalId | None) -> None:
    """Refuse values that no person can have, or by which nobody is found again.

    :raises InvalidInput: a birth date out of range, a text too long, or a name
        without one Latin letter.
    """
    _refuse(_errors(traits, identifier))


def _errors(traits: Traits, identifier: HospitalId | None) -> dict[str, list[Message]]:
    errors: dict[str, list[Message]] = {}
    born = traits.birth_date
    if born and not date(limits.BIRTH_YEAR_MIN, 1, 1) <= born <= clock.today():
        errors[Trait.BIRTH_DATE.value] = [
            T("The birth date must lie between {year} and today.", year=limits.BIRTH_YEAR_MIN)
        ]
    for trait, text in traits.as_text().items():
        if len(text) > limits.NAME_MAX:
            errors[trait.value] = [T("Use at most {count} characters.", count=limits.NAME_MAX)]
        elif trait in _NAMES and not _is_compared(text):
            errors[trait.value] = [
                T("Write names in Latin letters, as on the passport or the identity card.")
            ]
    if identifier and not (
        normalise.number(identifier.number) and len(identifier.number) <= limits.CODE_MAX
    ):
        errors["hospital_identifier"] = [
            T("A hospital identifier has 1 to {count} characters.", count=limits.CODE_MAX)
        ]
    return errors


def _is_compared(name: str) -> bool:
    """Whether anything is left of the name once it is normalised."""
    return _LATIN.search(name) is not None or bool(normalise.name(name))


def _refuse(errors: dict[str, list[Message]]) -> None:
    if errors:
        raise InvalidInput(T("The identity cannot be taken as it is."), errors=errors)
