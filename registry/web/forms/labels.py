"""Forms of printing labels and of writing their templates."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.labels.design import Design, Line
from registry.labels.templates import Version
from registry.vocab import limits
from registry.vocab.printing import LabelStock, PrinterResolution, PrintMethod, SymbolSide
from registry.web import templating
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from schemas.labels import (
    LabelDesignIn,
    LabelsIn,
    LabelsInAdvanceIn,
    NewPrinterIn,
    PlaceLabelsIn,
    PrinterIn,
)

_FIRST = T("On a sheet already begun: the first place that still has a label, counted by rows.")


class LabelsForm(SchemaForm):
    """Labels of tubes that the registry knows."""

    schema = LabelsIn

    codes = TextAreaField(T("Tubes"), description=T("Scan each tube: one code on each line."))
    stock = SelectField(T("Label stock"), choices=options(LabelStock))
    first = StringField(T("First label"), description=_FIRST)


class LabelsInAdvanceForm(SchemaForm):
    """Labels with fresh codes."""

    schema = LabelsInAdvanceIn

    count = StringField(T("Number of labels"))
    stock = SelectField(T("Label stock"), choices=options(LabelStock), id="fresh-stock")
    first = StringField(T("First label"), description=_FIRST, id="fresh-first")


class PlaceLabelsForm(SchemaForm):
    """Labels of a place or of the boxes in it."""

    schema = PlaceLabelsIn

    stock = SelectField(
        T("Label stock"), choices=options(LabelStock), default=LabelStock.PLACE_SHEET.value
    )
    first = StringField(T("First label"), description=_FIRST)


class PrinterForm(SchemaForm):
    """A label printer."""

    schema = PrinterIn

    name = StringField(T("Name"), description=T("As it is written on it, with the room."))
    host = StringField(T("Network address"))
    port = StringField(T("Port"), default=str(limits.PRINTER_PORT))
    resolution = SelectField(
        T("Resolution"),
        choices=options(PrinterResolution),
        default=PrinterResolution.DPI_300.value,
    )
    method = SelectField(T("How it prints"), choices=options(PrintMethod))
    label_width = StringField(T("Width of its labels in mm"))
    label_height = StringField(T("Height of its labels in mm"))
    is_default = BooleanField(T("Labels of this size are printed here without being asked for"))
    is_used = BooleanField(T("In use"), default=True)


class NewPrinterForm(PrinterForm):
    """A printer of a site."""

    schema = NewPrinterIn

    site_id = SelectField(T("Site"))

    def __init__(self, sites: Iterable[Site]) -> None:
        super().__init__()
        self.site_id.choices = rows((site.id, site.name) for site in sites)


class ActForm(SchemaForm):
    """A button that sends labels again, or opens their PDF."""


class LabelLineForm(Form):  # type: ignore[misc]
    """One line of a template."""

    text = StringField(T("Text"))
    height = StringField(T("Height in mm"))
    is_bold = BooleanField(T("Bold"))


class _DesignFields:
    """What a template is made of."""

    width = StringField(T("Width in mm"))
    height = StringField(T("Height in mm"))
    margin = StringField(T("Margin in mm"))
    symbol_side = SelectField(T("The DataMatrix stands"), choices=options(SymbolSide))
    symbol_size = StringField(
        T("Largest size of the DataMatrix in mm"),
        description=T("It is drawn in whole dots of the printer, with its white border inside."),
    )
    lines = FieldList(FormField(LabelLineForm))


def design_of(cleaned: dict[str, Any]) -> Design:
    """The design that was typed."""
    return Design(
        width=float(cleaned["width"]),
        height=float(cleaned["height"]),
        margin=float(cleaned["margin"]),
        symbol_side=cleaned["symbol_side"],
        symbol_size=float(cleaned["symbol_size"]),
        lines=tuple(
            Line(line["text"], float(line["height"]), line["is_bold"])
            for line in cleaned["lines"]
            if line["text"]
        ),
    )


class DesignForm(_DesignFields, SchemaForm):
    """The next version of a template, opened with what an earlier one says."""

    schema = LabelDesignIn

    #: The version that was the newest when the page was opened.
    after = HiddenField()

    def __init__(self, begun: Version, newest: int) -> None:
        design = begun.design
        lines = [
            {"text": line.text, "height": templating.quantity(line.height), "is_bold": line.is_bold}
            for line in design.lines
        ]
        super().__init__(
            data={
                "after": newest,
                "width": templating.quantity(design.width),
                "height": templating.quantity(design.height),
                "margin": templating.quantity(design.margin),
                "symbol_side": design.symbol_side.value,
                "symbol_size": templating.quantity(design.symbol_size),
                "lines": lines,
            }
        )
        while len(self.lines.entries) < limits.LABEL_LINES_MAX:
            self.lines.append_entry()
        for number, row in enumerate(self.lines.entries, start=1):
            row.form.text.label.text = T("Line {number}, text", number=number)
            row.form.height.label.text = T("Line {number}, height in mm", number=number)
            row.form.is_bold.label.text = T("Line {number}, bold", number=number)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, for the address of the picture."""
        whole = {
            field.name: str(field.data)
            for field in self
            if field.name in LabelDesignIn().fields and field.name not in ("lines", "after")
        }
        for row in self.lines.entries:
            for field in row.form:
                if field.data:
                    whole[field.name] = "y" if field.data is True else str(field.data)
        return whole


class DesignQuery(_DesignFields, QueryForm):
    """A template as it is being typed, for its picture."""

    schema = LabelDesignIn
