"""Labels as PDF on sheets or rolls, and the picture of one label."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registry import typeset
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.labels.design import Design
from registry.labels.layout import Content, lay_out
from registry.vocab.printing import LabelPurpose, LabelStock


@dataclass(frozen=True)
class Stock:
    """Where the labels lie on a page, in millimetres; a roll is a page of one label."""

    page_width: float
    page_height: float
    columns: int
    rows: int
    width: float
    height: float
    left: float = 0
    top: float = 0
    step_across: float = 0
    step_down: float = 0

    @property
    def places(self) -> int:
        """How many labels a page has."""
        return self.columns * self.rows


#: Another stock is one more row here and its name in ``vocab.printing``.
STOCKS: dict[LabelStock, Stock] = {
    LabelStock.CRYO_SHEET: Stock(
        page_width=210, page_height=297, columns=5, rows=20, width=33, height=13,
        left=14.5, top=18.5, step_across=37, step_down=13,
    ),
    LabelStock.CRYO_ROLL: Stock(
        page_width=33, page_height=13, columns=1, rows=1, width=33, height=13,
    ),
    LabelStock.TUBE_SHEET: Stock(
        page_width=210, page_height=297, columns=5, rows=13, width=38.1, height=21.2,
        left=4.75, top=10.7, step_across=40.6, step_down=21.2,
    ),
    LabelStock.PLACE_SHEET: Stock(
        page_width=210, page_height=297, columns=3, rows=7, width=63.5, height=38.1,
        left=7.2, top=15.15, step_across=66.05, step_down=38.1,
    ),
}  # fmt: skip


def check_first(stock: LabelStock, first: int) -> None:
    """Refuse to begin at a place that a page of this stock does not have.

    :raises InvalidInput: see above; nothing is printed.
    """
    places = STOCKS[stock].places
    if not 1 <= first <= places:
        raise InvalidInput(T("This sheet has places 1 to {count}.", count=places), field="first")


def sheet(
    contents: Sequence[Content],
    designs: Mapping[LabelPurpose, Design],
    stock: LabelStock,
    *,
    first: int = 1,
    title: str,
    language: str,
) -> bytes:
    """A PDF of the labels in the order given, from place `first` of the first page on.

    Places are counted along the rows, from 1, so that a sheet already begun can
    be finished.  A design made for another size is drawn larger or smaller.

    :raises InvalidInput: there is nothing to print, or the page has no place `first`.
    """
    if not contents:
        raise InvalidInput(T("There is no label to print."), field="codes")
    check_first(stock, first)
    place = STOCKS[stock]
    scaled = {
        purpose: design.scaled_to(place.width, place.height) for purpose, design in designs.items()
    }
    faces = [asdict(lay_out(scaled[content.purpose], content)) for content in contents]
    data = _data(faces, place, first=first, title=title, language=language)
    return typeset.pdf(__package__, "labels", data, moment=None)


def picture(design: Design, content: Content, *, title: str, language: str) -> bytes:
    """One label as it prints at 300 dpi, a PNG."""
    roll = Stock(design.width, design.height, 1, 1, design.width, design.height)
    faces = [asdict(lay_out(design, content))]
    data = _data(faces, roll, first=1, title=title, language=language)
    return typeset.picture(__package__, "labels", data)


def _data(
    faces: Sequence[Mapping[str, Any]], stock: Stock, *, first: int, title: str, language: str
) -> dict[str, Any]:
    return {
        "title": title,
        "language": language,
        "stock": asdict(stock),
        "first": first,
        "labels": faces,
    }
