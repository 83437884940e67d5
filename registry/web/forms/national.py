"""Forms of correcting an identity and of raising its status."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from registry.identity.national.numbers import accepted_kinds
from registry.identity.numbers import HospitalNumber
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.labels import label
from registry.vocab.national import OIDS, DocumentType, Incoherence, NumberKind
from registry.vocab.people import Sex
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.forms.participants import EXPECTED
from registry.web.language import translate
from schemas.national import (
    AmendIn,
    AttributesIn,
    ContactIn,
    CorrectionIn,
    DocumentIn,
    NumberInUseIn,
    NumberRefusalIn,
    RetrievalIn,
    WithdrawNumberIn,
)

_DAY = T("Day/month/year, such as 12/03/1985.")
_KEPT = T("It is kept in the journal: write no name, birth date or number.")
_CODE = T("The INSEE code of the commune or, from 99, of the country: 69123, 2A004, 99350.")


def today() -> str:
    """Today as it is written in a form."""
    return clock.today().strftime("%d/%m/%Y")


class CorrectionForm(SchemaForm):
    """Why the identity is opened to be corrected."""

    schema = CorrectionIn

    reason = TextAreaField(T("Why is the identity corrected?"), description=_KEPT)


class AmendForm(SchemaForm):
    """The identity, to be corrected."""

    schema = AmendIn

    birth_name = StringField(T("Birth name"), description=T("The name at birth, not by marriage."))
    given_names = StringField(
        T("Given names"), description=T("All of them, in the order of the civil registry.")
    )
    used_name = StringField(
        T("Used name"), description=T("Only if it differs from the birth name.")
    )
    used_given_names = StringField(T("Used given name"))
    birth_date = StringField(T("Birth date"), description=_DAY)
    sex = RadioField(T("Sex"), choices=options(Sex))
    birth_place = StringField(T("Birthplace"), description=_CODE)
    postal_code = StringField(T("Postal code"))
    town = StringField(T("Town"))
    reason = TextAreaField(T("Why is the identity corrected?"), description=_KEPT)
    version = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in EXPECTED:
            self[name].flags.required = True


class ContactForm(SchemaForm):
    """How the person is reached."""

    schema = ContactIn

    address = TextAreaField(T("Postal address"), description=T("The lines above the town."))
    contact_postal_code = StringField(T("Postal code"))
    contact_town = StringField(T("Town"))
    telephone = StringField(T("Telephone"))
    other_telephone = StringField(T("Other telephone"))
    email = StringField(T("E-mail address"))


class NumberInUseForm(SchemaForm):
    """Which of several numbers of one hospital is in use."""

    schema = NumberInUseIn

    number_id = RadioField(T("Number in use"))

    def __init__(self, numbers: Sequence[HospitalNumber] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.number_id.choices = rows(
            (one.id, f"{one.identifier.number} ({one.identifier.site})") for one in numbers
        )


class NumberRefusalForm(SchemaForm):
    """Why a hospital number is not the person's."""

    schema = NumberRefusalIn

    reason = TextAreaField(T("Why is the number not theirs?"), description=_KEPT)


class NumberReturnForm(SchemaForm):
    """Why a hospital number is the person's after all."""

    schema = NumberRefusalIn

    reason = TextAreaField(T("Why is the number theirs after all?"), description=_KEPT)


class DocumentForm(SchemaForm):
    """Which document was seen."""

    schema = DocumentIn

    document = RadioField(T("Document"), choices=options(DocumentType))
    checked_on = StringField(T("Seen on"), description=_DAY, default=today)
    version = HiddenField()


class AttributesForm(SchemaForm):
    """What is to be known of the identity besides its status."""

    schema = AttributesIn

    doubtful = BooleanField(
        T("Doubtful identity"), description=T("Perhaps somebody else’s, or made up.")
    )
    fictitious = BooleanField(
        T("Fictitious identity"), description=T("Nobody’s: for a test or a training.")
    )
    homonym = BooleanField(
        T("Homonym"), description=T("Another person has the same traits: take care.")
    )
    reason = TextAreaField(T("Why?"), description=_KEPT)
    version = HiddenField()


def _kind(kind: NumberKind) -> str:
    return f"{translate(label(kind))} · {OIDS[kind]}"


class RetrievalForm(SchemaForm):
    """What the national teleservice returned."""

    schema = RetrievalIn

    national_number = StringField(
        T("INS number and its key"),
        description=T("15 signs, spaces allowed. It is sealed and never shown again."),
    )
    kind = RadioField(
        T("Kind of number, by its OID"),
        choices=lambda: rows((kind.value, _kind(kind)) for kind in accepted_kinds()),
    )
    birth_name = StringField(T("Birth name"))
    given_names = StringField(T("Given names"))
    birth_date = StringField(T("Birth date"), description=_DAY)
    sex = RadioField(T("Sex"), choices=options((Sex.FEMALE, Sex.MALE)))
    birth_place = StringField(T("Birthplace"), description=_CODE)
    retrieved_on = StringField(T("Retrieved on"), description=_DAY, default=today)
    if_incoherent = RadioField(
        T("If the number does not fit the traits"),
        choices=options(Incoherence),
        default=Incoherence.ASK.value,
    )
    version = HiddenField()

    def forget_number(self) -> None:
        """Show the page again without the number that was typed."""
        self.national_number.data = None


class WithdrawNumberForm(SchemaForm):
    """Why the national number is taken out."""

    schema = WithdrawNumberIn

    reason = TextAreaField(T("Why is the number withdrawn?"), description=_KEPT)
    version = HiddenField()
