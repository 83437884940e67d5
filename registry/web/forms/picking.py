"""Forms of pick lists."""

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from registry.accounts.queries import Person
from registry.custody.shipments.models import Shipment
from registry.kernel.messages import T
from registry.vocab.scanning import CLOSE_COMMANDS
from registry.vocab.terms import Vocabulary
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import refined_by, rows
from schemas.picking import FetchIn, LeaveOutIn, PickListIn


class PickListForm(SchemaForm):
    """Tubes to reserve, and for whom or what."""

    schema = PickListIn

    title = StringField(T("Title"), description=T("Such as the study or the analysis."))
    destination = SelectField(T("For"))
    reason = RadioField(
        T("What the person takes them for"),
        choices=refined_by(Vocabulary.CHECKOUT_REASON),
        description=T("Not needed for a shipment."),
    )
    codes = TextAreaField(T("Tubes"), description=T("Scan each tube, or paste a list of codes."))

    def __init__(
        self, people: Iterable[Person], shipments: Iterable[Shipment], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.destination.choices = rows(
            [
                *((f"shipment:{one.id}", f"{one.code} → {one.destination}") for one in shipments),
                *((f"person:{one.id}", one.name) for one in people),
            ],
            blank=T("Choose…"),
        )


class FetchForm(SchemaForm):
    """Tubes that were fetched."""

    schema = FetchIn

    codes = TextAreaField(
        T("Tubes"),
        description=T(
            "Scan each tube that you fetch: the last one ends the list, and FERMER ends it early."
        ),
    )

    def __init__(self, waiting: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes.render_kw = {
            "data-close": " ".join(CLOSE_COMMANDS),
            "data-expected": "\n".join(waiting),
        }
        # Nothing but the command to close may be scanned; the field is no choice for all that.
        self.codes.flags.required = True


class LeaveOutForm(SchemaForm):
    """A tube that is not fetched after all."""

    schema = LeaveOutIn

    code = HiddenField()
    reason = TextAreaField(
        T("Reason"), description=T("Such as: not in its cell; the tube is broken.")
    )
