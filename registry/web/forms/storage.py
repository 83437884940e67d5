"""Forms of setting up places and boxes."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.vocab.samples import SampleType
from registry.vocab.storage import Labelling, StorageClass, UnitKind
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from schemas.storage import BoxIn, MoveUnitIn, RoomIn, TopUnitIn, UnitIn

_CODE = T("What its label says, such as CONG-02 or BX-0042.")
_ACCEPTS = T("None chosen: every type that the surrounding place takes.")


class UnitForm(SchemaForm):
    """A room, a freezer, a tank or a rack inside another place."""

    schema = UnitIn

    kind = SelectField(
        T("Kind"), choices=options([kind for kind in UnitKind if kind is not UnitKind.BOX])
    )
    code = StringField(T("Code"), description=_CODE)
    name = StringField(T("Name"))
    storage_class = SelectField(
        T("Temperature"),
        choices=options(StorageClass, blank=T("As the place that it is in")),
    )
    accepts = SelectMultipleField(
        T("Only these types"), choices=options(SampleType), description=_ACCEPTS
    )
    capacity = StringField(
        T("Places inside"),
        description=T("How many racks or boxes fit directly inside, when that is known."),
    )


class TopUnitForm(UnitForm):
    """A place at the top of a site."""

    schema = TopUnitIn

    site_id = SelectField(T("Site"))

    def __init__(self, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in sites)


class RoomForm(QueryForm):
    """How much room is looked for, and for what."""

    schema = RoomIn

    free = StringField(T("Free cells, at least"))
    sample_type = SelectField(T("For"), choices=options(SampleType, blank=T("Whatever the type")))


class MoveUnitForm(SchemaForm):
    """Where a place goes."""

    schema = MoveUnitIn

    to = StringField(T("Into"), description=T("Scan the label of the place that it goes into."))
    reason = TextAreaField(T("Reason"))


class BoxForm(SchemaForm):
    """An empty box."""

    schema = BoxIn

    code = StringField(T("Code"), description=_CODE)
    name = StringField(T("Name"))
    rows = StringField(T("Rows"), default="9")
    columns = StringField(T("Columns"), default="9")
    row_labels = SelectField(T("Rows are named with"), choices=options(Labelling))
    column_labels = SelectField(
        T("Columns are named with"), choices=options(Labelling), default=Labelling.NUMBERS.value
    )
    accepts = SelectMultipleField(
        T("Only these types"), choices=options(SampleType), description=_ACCEPTS
    )
