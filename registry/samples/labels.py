"""Labels: what is stuck on a tube, so that a scanner and an eye read the same thing.

A label never bears anything of the donor but the participant code.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from registry import typeset
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples.models import Sample
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


def check_first(stock: LabelStock, first: int) -> None:
    """Refuse to begin at a place that a page of this stock does not have.

    :raises InvalidInput: see above; nothing is printed.
    """
    places = STOCKS[stock].places
    if not 1 <= first <= places:
        raise InvalidInput(T("This sheet has places 1 to {count}.", count=places), field="first")


def parts(sample_ids: Collection[int]) -> Mapping[int, str]:
    """Which of its parent's children of the same type each sample is: ``3/8``.

    A sample without a parent is absent.  The ids come from a reading that was
    scoped by an actor.
    """
    parents = sa.select(Sample.parent_id).where(Sample.id.in_(sample_ids))
    kin = (Sample.parent_id, Sample.sample_type)
    family = (
        sa.select(
            Sample.id,
            sa.func.row_number().over(partition_by=kin, order_by=Sample.id).label("number"),
            sa.func.count().over(partition_by=kin).label("total"),
        )
        .where(Sample.parent_id.in_(parents))
        .subquery()
    )
    rows = registry_session.execute(sa.select(family).where(family.c.id.in_(sample_ids)))
    return {row.id: f"{row.number}/{row.total}" for row in rows}


def sheet(
    labels: Sequence[Label], stock: LabelStock, *, first: int = 1, title: str, language: str
) -> bytes:
    """A PDF of the labels in the order given, from place `first` of the first page on.

    Places are counted along the rows, from 1, so that a sheet already begun can
    be finished.

    :raises InvalidInput: there is nothing to print, or the page has no place `first`.
    """
    if not labels:
        raise InvalidInput(T("There is no label to print."), field="codes")
    check_first(stock, first)
    place = STOCKS[stock]
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
