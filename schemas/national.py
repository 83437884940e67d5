"""Shapes of correcting an identity and of raising its status."""

import re
from typing import Any

from registry.kernel.messages import T
from registry.vocab import limits, patterns
from registry.vocab.national import DocumentType, Incoherence, NumberKind
from registry.vocab.people import Sex
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, Flag, TrimmedText, WholeNumber, refuse
from schemas.participants import BirthPlace

_COUNT_MAX = 2**31 - 1


def _name(**options: Any) -> TrimmedText:
    return TrimmedText(longest=limits.NAME_MAX, validate=_check_name, **options)


def _check_name(name: str) -> None:
    if not any(symbol.isalpha() for symbol in name):
        refuse(T("A name has letters."))


def _reason() -> TrimmedText:
    return TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


def _version() -> WholeNumber:
    return WholeNumber(minimum=0, maximum=_COUNT_MAX, required=True)


class InseeCode(BirthPlace):
    """A birthplace as the civil registry has it: INSEE's code alone."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        place = super()._deserialize(value, attr, data).upper()
        if not re.fullmatch(patterns.INSEE_CODE, place):
            refuse(T("An INSEE code has five characters, such as 69123, 2A004 or 99350."))
        return place


class Telephone(TrimmedText):
    """A telephone number as people write it, kept without its separators."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=limits.LABEL_MAX, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        number = re.sub(r"[\s().-]", "", super()._deserialize(value, attr, data))
        if not re.fullmatch(patterns.TELEPHONE, number):
            refuse(T("Write a telephone number such as 06 12 34 56 78 or +32 2 123 45 67."))
        return number


class EmailAddress(TrimmedText):
    """An address to which a letter can be sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=limits.EMAIL_MAX, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        address = super()._deserialize(value, attr, data)
        if not re.fullmatch(patterns.EMAIL, address):
            refuse(T("Write an e-mail address such as name@example.org."))
        return address


class CorrectionIn(Shape):
    """Why an identity is opened to be corrected."""

    reason = _reason()


class AmendIn(Shape):
    """An identity as it is to be from now on."""

    birth_name = _name()
    given_names = _name()
    used_name = _name()
    used_given_names = _name()
    birth_date = FrenchDate()
    sex = Choice(Sex)
    birth_place = BirthPlace(longest=limits.NAME_MAX)
    postal_code = TrimmedText(longest=limits.CODE_MAX)
    town = TrimmedText(longest=limits.NAME_MAX)
    reason = _reason()
    version = _version()


class ContactIn(Shape):
    """How a person is reached from now on."""

    address = TrimmedText(longest=limits.ADDRESS_MAX, lines=True)
    contact_postal_code = TrimmedText(longest=limits.CODE_MAX)
    contact_town = TrimmedText(longest=limits.NAME_MAX)
    telephone = Telephone()
    other_telephone = Telephone()
    email = EmailAddress()


class NumberInUseIn(Shape):
    """Which of several numbers of one hospital is in use."""

    number_id = WholeNumber(minimum=1, maximum=_COUNT_MAX, required=True)


class NumberRefusalIn(Shape):
    """Why a hospital number is not the person's, or is after all."""

    reason = _reason()


class DocumentIn(Shape):
    """Which document was seen, and when."""

    document = Choice(DocumentType, required=True)
    checked_on = FrenchDate(required=True)
    version = _version()


class AttributesIn(Shape):
    """What is to be known of an identity besides its status."""

    doubtful = Flag()
    fictitious = Flag()
    homonym = Flag()
    reason = _reason()
    version = _version()


class RetrievalIn(Shape):
    """What the national teleservice returned."""

    national_number = TrimmedText(longest=limits.CODE_MAX, required=True)
    kind = Choice(NumberKind, required=True)
    birth_name = _name(required=True)
    given_names = _name(required=True)
    birth_date = FrenchDate(required=True)
    sex = Choice(Sex, required=True)
    birth_place = InseeCode(longest=limits.NAME_MAX, required=True)
    retrieved_on = FrenchDate(required=True)
    if_incoherent = Choice(Incoherence, load_default=Incoherence.ASK)
    version = _version()


class WithdrawNumberIn(Shape):
    """Why a national number is taken out."""

    reason = _reason()
    version = _version()
