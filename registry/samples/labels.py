"""Labels: what is stuck on a tube, so that a scanner and an eye read the same thing.

A label never bears anything of the donor but the participant code.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.samples import typeset
from registry.vocab.printing import LabelStock


@dataclass(frozen=True)
class Label:
    """The lines of one label, ready to print."""

    code: str
    kind: str
    participant: str
    collected: str
    part: str = ""


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
}  # fmt: skip


def sheet(
    labels: Sequence[Label], stock: LabelStock, *, first: int = 1, title: str, language: str
) -> bytes:
    """A PDF of the labels in the order given, from place `first` of the first page on.

    Places are counted along the rows, from 1, so that a sheet already begun can
    be finished.

    :raises InvalidInput: there is nothing to print, or the page has no place `first`.
    """
    place = STOCKS[stock]
    if not labels:
        raise InvalidInput(T("There is no label to print."), field="codes")
    if not 1 <= first <= place.places:
        raise InvalidInput(
            T("This sheet has places 1 to {count}.", count=place.places), field="first"
        )
    return typeset.pdf(
        __package__,
        "labels",
        {
            "title": title,
            "language": language,
            "stock": asdict(place),
            "first": first,
            "labels": [
                {**asdict(label), "symbol": typeset.data_matrix(label.code)} for label in labels
            ],
        },
        moment=None,
    )
