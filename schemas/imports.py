"""The rows of the files that can be imported, and the headings by which they are known."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict, cast

from marshmallow import ValidationError

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.people import Sex
from registry.vocab.samples import ContainerType, SampleType
from schemas.base import Shape, errors_of, read_row
from schemas.dates import FrenchDate, FrenchDateTime
from schemas.fields import Choice, FrenchDecimal, ScanCode, TrimmedText, refuse, text_of

_SEXES = {
    "f": Sex.FEMALE,
    "2": Sex.FEMALE,
    "female": Sex.FEMALE,
    "femme": Sex.FEMALE,
    "féminin": Sex.FEMALE,
    "m": Sex.MALE,
    "1": Sex.MALE,
    "h": Sex.MALE,
    "male": Sex.MALE,
    "homme": Sex.MALE,
    "masculin": Sex.MALE,
    "other": Sex.OTHER,
    "autre": Sex.OTHER,
    "unknown": Sex.UNKNOWN,
    "inconnu": Sex.UNKNOWN,
}


class SexAsWritten(Choice[Sex]):
    """Sex as hospital files write it: F, M, H, 1, 2 or the word."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Sex, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Sex:
        found = _SEXES.get(text_of(value).casefold())
        if found is None:
            refuse(T("Write F or M, or leave it blank."))
        return found


PARTICIPANT_HEADINGS: dict[str, tuple[str, ...]] = {
    "source_code": ("numero_source", "numéro", "source_id", "source_code"),
    "birth_name": ("nom_naissance", "nom de naissance", "nom", "birth_name", "surname"),
    "given_names": ("prenom", "prénoms", "given_names", "given_name", "first_name"),
    "used_name": ("nom_usage", "nom d'usage", "used_name"),
    "used_given_names": ("prenom_utilise", "prénom utilisé", "used_given_names"),
    "birth_date": ("date_naissance", "date de naissance", "birth_date", "date_of_birth"),
    "sex": ("sexe", "sex", "gender"),
    "birth_place": ("lieu_naissance", "lieu de naissance", "birth_place"),
    "hospital_identifier": ("ipp", "hospital_identifier", "mrn"),
    "postal_code": ("code_postal", "postal_code", "postcode"),
    "town": ("commune", "ville", "town", "city"),
}
PARTICIPANT_REQUIRED = ("source_code", "birth_name", "given_names", "birth_date")

SAMPLE_HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("code_barres", "code-barres", "barcode", "code"),
    "participant_source": (
        "numero_source_participant",
        "participant",
        "participant_source_id",
        "source_id",
    ),
    "sample_type": ("type_sprec", "type", "sprec_type", "sample_type"),
    "container_type": ("contenant_sprec", "contenant", "sprec_container", "container"),
    "volume_ml": ("volume_ml", "volume (mL)", "volume"),
    "collected_at": ("preleve_le", "prélevé le", "collected_at"),
    "received_at": ("recu_le", "reçu le", "received_at"),
    "centrifuged_at": ("centrifuge_le", "centrifugé le", "centrifuged_at"),
    "frozen_at": ("congele_le", "congelé le", "frozen_at"),
    "parent_code": ("code_barres_parent", "code-barres parent", "parent_barcode", "parent"),
    "box_code": ("code_boite", "boîte", "boite", "box_code", "box"),
    "cell": ("case", "position", "cell"),
}
SAMPLE_REQUIRED = ("code", "participant_source", "sample_type", "volume_ml", "collected_at")


class ParticipantValues(TypedDict):
    """A participant's row, typed."""

    source_code: str
    birth_name: str | None
    given_names: str | None
    used_name: str | None
    used_given_names: str | None
    birth_date: date | None
    sex: Sex | None
    birth_place: str | None
    hospital_identifier: str | None
    postal_code: str | None
    town: str | None


class SampleValues(TypedDict):
    """A sample's row, typed."""

    code: str
    participant_source: str
    sample_type: SampleType
    container_type: ContainerType | None
    volume_ml: Decimal
    collected_at: datetime
    received_at: datetime | None
    centrifuged_at: datetime | None
    frozen_at: datetime | None
    parent_code: str | None
    box_code: str | None
    cell: str | None


class ParticipantRow(Shape):
    """An identity with the code of its source; its completeness is judged by the vault."""

    source_code = TrimmedText(longest=limits.CODE_MAX, required=True)
    birth_name = TrimmedText(longest=limits.NAME_MAX)
    given_names = TrimmedText(longest=limits.NAME_MAX)
    used_name = TrimmedText(longest=limits.NAME_MAX)
    used_given_names = TrimmedText(longest=limits.NAME_MAX)
    birth_date = FrenchDate()
    sex = SexAsWritten()
    birth_place = TrimmedText(longest=limits.NAME_MAX)
    hospital_identifier = TrimmedText(longest=limits.CODE_MAX)
    postal_code = TrimmedText(longest=limits.CODE_MAX)
    town = TrimmedText(longest=limits.NAME_MAX)


class SampleRow(Shape):
    """A tube or an aliquot that exists already."""

    code = ScanCode(required=True)
    participant_source = TrimmedText(longest=limits.CODE_MAX, required=True)
    sample_type = Choice(SampleType, required=True)
    container_type = Choice(ContainerType)
    volume_ml = FrenchDecimal(above=0, required=True)
    collected_at = FrenchDateTime(required=True)
    received_at = FrenchDateTime()
    centrifuged_at = FrenchDateTime()
    frozen_at = FrenchDateTime()
    parent_code = ScanCode()
    box_code = TrimmedText(longest=limits.CODE_MAX)
    cell = TrimmedText(longest=limits.CODE_MAX)


# Made once: making a shape takes longer than reading a row with it.
_PARTICIPANT_ROW, _SAMPLE_ROW = ParticipantRow(), SampleRow()


def participant_values(values: dict[str, str]) -> ParticipantValues:
    """The row's values, typed.

    :raises InvalidInput: with every problem by field.
    """
    return cast(ParticipantValues, _loaded(_PARTICIPANT_ROW, values))


def sample_values(values: dict[str, str]) -> SampleValues:
    """The row's values, typed; raises as `participant_values` does."""
    return cast(SampleValues, _loaded(_SAMPLE_ROW, values))


def _loaded(shape: Shape, values: dict[str, str]) -> Any:
    try:
        return read_row(shape, values)
    except ValidationError as refusal:
        errors: dict[str, list[Message]] = errors_of(refusal)
        raise InvalidInput(T("Some values cannot be taken."), errors=errors) from None
