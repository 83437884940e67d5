"""Shapes of setting up places and boxes."""

from registry.vocab import limits
from registry.vocab.samples import SampleType
from registry.vocab.storage import Labelling, StorageClass, UnitKind
from schemas.base import Shape
from schemas.fields import Choice, ScanCode, Several, TrimmedText, WholeNumber

_ID_MAX = 2**31 - 1


class UnitIn(Shape):
    """A room, a freezer, a tank or a rack inside another place."""

    kind = Choice(UnitKind, required=True)
    code = ScanCode(required=True)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    storage_class = Choice(StorageClass)
    accepts = Several(Choice(SampleType), load_default=list)
    capacity = WholeNumber(minimum=1, maximum=limits.PLACES_INSIDE_MAX)


class TopUnitIn(UnitIn):
    """A place that is inside nothing but its site."""

    site_id = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)


class RoomIn(Shape):
    """What room is looked for."""

    free = WholeNumber(minimum=1, maximum=limits.FREE_CELLS_MAX)
    sample_type = Choice(SampleType)


class MoveUnitIn(Shape):
    """A place that goes into another, with all that is in it."""

    to = ScanCode(required=True)
    reason = TrimmedText(longest=limits.REASON_MAX, lines=True)


class BoxIn(Shape):
    """An empty box inside a place."""

    code = ScanCode(required=True)
    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    rows = WholeNumber(required=True, minimum=1, maximum=limits.BOX_SIDE_MAX)
    columns = WholeNumber(required=True, minimum=1, maximum=limits.BOX_SIDE_MAX)
    row_labels = Choice(Labelling, required=True)
    column_labels = Choice(Labelling, required=True)
    accepts = Several(Choice(SampleType), load_default=list)
