"""Forms about partners, and of packing, sending and receiving shipments."""

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import FileField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from registry.accounts.models import Site
from registry.custody.shipments.grounds import Ground
from registry.custody.shipments.models import Partner, ShipmentLine
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.research import RecipientKind
from registry.vocab.scanning import CLOSE_COMMANDS
from registry.vocab.shipping import Packing
from registry.vocab.terms import Vocabulary
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import countries, options, refined_by, rows
from schemas.shipments import (
    ArrivalIn,
    ButtonIn,
    CancelIn,
    ComeBackIn,
    PackIn,
    PartnerIn,
    ReceiptCodeIn,
    ReceiptIn,
    SendIn,
    ShipmentIn,
    TakeOutIn,
)

_EACH_TUBE = T("Scan each tube: one code on each line.")
_NOW = T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
_OTHERS = [kind for kind in RecipientKind if kind is not RecipientKind.INSTITUTE]


class PartnerForm(SchemaForm):
    """An organisation to which tubes may be sent."""

    schema = PartnerIn

    name = StringField(
        T("Name of the organisation"), description=T("As the requests name their recipient.")
    )
    kind = SelectField(T("Kind of organisation"), choices=options(_OTHERS))
    country = SelectField(T("Country"), default="FR")
    email = StringField(T("E-mail address"), description=T("Of the organisation, not of a person."))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.country.choices = countries()


class ButtonForm(SchemaForm):
    """A button that does one thing."""

    schema = ButtonIn


class ShipmentForm(SchemaForm):
    """A shipment to begin."""

    schema = ShipmentIn

    site_id = SelectField(T("Leaves from"))
    destination = SelectField(T("Goes to"))
    request = SelectField(
        T("Approved request"), description=T("For a partner: under which the tubes go.")
    )
    packing = RadioField(T("Packing"), choices=options(Packing), default=Packing.DRY_ICE.value)

    def __init__(
        self,
        own: Iterable[Site],
        sites: Iterable[Site],
        partners: Iterable[Partner],
        grounds: Iterable[Ground],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in own)
        self.destination.choices = rows(
            [
                *((f"partner:{one.id}", one.name) for one in partners if one.retired_at is None),
                *((f"site:{site.id}", site.name) for site in sites),
            ],
            blank=T("Choose…"),
        )
        self.request.choices = rows(
            ((one.number, f"{one.number} – {one.title} ({one.recipient})") for one in grounds),
            blank=T("None: to another site of the registry"),
        )


class PackForm(SchemaForm):
    """Tubes that are put into the bag."""

    schema = PackIn

    codes = TextAreaField(
        T("Tubes"),
        description=T("Scan each tube, then FERMER to close the bag."),
        render_kw={"data-close": " ".join(CLOSE_COMMANDS)},
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Nothing but the command to close may be scanned; the field is no choice for all that.
        self.codes.flags.required = True


class TakeOutForm(SchemaForm):
    """A tube that is taken out of the bag."""

    schema = TakeOutIn

    code = HiddenField()


class SendForm(SchemaForm):
    """The bag as the courier takes it."""

    schema = SendIn

    courier = StringField(T("Courier"))
    tracking = StringField(T("Tracking number"), description=T("Scan it from the waybill."))
    at = StringField(T("When"), description=_NOW)


class CancelForm(SchemaForm):
    """Why nothing is sent."""

    schema = CancelIn

    reason = TextAreaField(T("Reason"))


class ArrivalForm(SchemaForm):
    """What was found in the bag."""

    schema = ArrivalIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    damaged = TextAreaField(
        T("Damaged ones"), description=T("Those of them that are broken, thawed or leak.")
    )
    temperature = StringField(
        T("Temperature"), description=T("Only if it was not as it should be: what was read.")
    )
    note = TextAreaField(T("Remark"))
    at = StringField(T("When"), description=_NOW)


class ComeBackForm(SchemaForm):
    """Tubes that come back."""

    schema = ComeBackIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    condition = SelectField(T("Condition of these tubes"), choices=refined_by(Vocabulary.CONDITION))
    remaining = StringField(
        T("What is left"), description=T("If it was measured: one tube at a time, in its unit.")
    )
    comment = TextAreaField(T("Comment"))
    at = StringField(T("When"), description=_NOW)


class ReceiptCodeForm(SchemaForm):
    """The code that came by another way than the link."""

    schema = ReceiptCodeIn

    code = StringField(
        T("Your code"), description=T("{count} digits.", count=limits.LINK_CODE_DIGITS)
    )


class ReceiptForm(SchemaForm):
    """What a partner found in the bag."""

    schema = ReceiptIn

    code = HiddenField()
    arrived = SelectMultipleField(T("These tubes have arrived"), option_widget=CheckboxInput())
    damaged = SelectMultipleField(T("Damaged ones"), option_widget=CheckboxInput())
    extra = TextAreaField(
        T("Tubes that are not on the manifest"), description=T("One code on each line.")
    )
    temperature = StringField(
        T("Temperature"), description=T("Only if it was not as it should be: what was read.")
    )
    note = TextAreaField(T("Remark"))
    at = StringField(T("When"), description=_NOW)
    logger = FileField(
        T("File of the temperature logger"),
        description=T("CSV, at most {most} kB.", most=limits.LOGGER_BYTES_MAX // 1024),
    )

    def __init__(self, tubes: Iterable[ShipmentLine], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        codes = rows((line.sample.code, line.sample.code) for line in tubes)
        self.arrived.choices = self.damaged.choices = codes
