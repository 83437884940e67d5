"""The files of an extract: its columns, what each means, and how a cell is written."""

import gettext
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

from registry.extracts.generalise import LADDERS, RARE, Plan
from registry.extracts.snapshot import Row
from registry.kernel.messages import Message, T
from registry.vocab.applications import OutBand, ThawBand, Variable
from registry.vocab.labels import label
from registry.vocab.people import Sex
from registry.vocab.samples import ContainerType, SampleType, Unit
from registry.vocab.sprec import VERSION
from registry.vocab.storage import ExposureState


@dataclass(frozen=True)
class Column:
    """A column: its heading, its meaning, and how its cell is read from a row."""

    name: str
    kind: Message
    meaning: Message
    read: Callable[[Row], str]
    #: The enumeration whose codes it holds.
    codes: type[StrEnum] | None = None
    #: The variable that it tells something about as well: without that one in clear it is empty.
    needs: Variable | None = None


_CODE = T("code")
_TEXT = T("text")
_NUMBER = T("number, decimal comma")

IDENTIFIERS = (
    Column(
        "participant",
        _CODE,
        T("Participant, under a code of this project alone; the last two characters are checks"),
        lambda row: row.participant,
    ),
    Column(
        "sample",
        _CODE,
        T("Sample, under a code of this project alone; the last two characters are checks"),
        lambda row: row.sample,
    ),
)

COLUMNS: dict[Variable, tuple[Column, ...]] = {
    Variable.COHORT: (
        Column("cohort", _CODE, T("Cohort of the participant"), lambda row: row.cohort),
    ),
    Variable.SEX: (Column("sex", _CODE, T("Administrative sex"), lambda row: row.sex, Sex),),
    Variable.AGE_BAND: (
        Column(
            "age_band", _TEXT, T("Age in the year of inclusion"), lambda row: row.age_band.value
        ),
    ),
    Variable.DIAGNOSIS: (
        Column(
            "diagnosis",
            _CODE,
            T("Diagnosis, in the terminology of the institute"),
            lambda row: row.diagnosis,
        ),
    ),
    Variable.SAMPLE_TYPE: (
        Column(
            "sample_type",
            _CODE,
            T("Type of sample (SPREC, element 1)"),
            lambda row: row.sample_type,
            SampleType,
        ),
    ),
    Variable.CONTAINER: (
        Column(
            "container",
            _CODE,
            T("Primary container (SPREC, element 2)"),
            lambda row: row.container_type,
            ContainerType,
        ),
    ),
    Variable.COLLECTION_YEAR: (
        Column(
            "collection_year",
            _TEXT,
            T("Year in which the sample was taken"),
            lambda row: row.collection_year,
        ),
    ),
    Variable.REMAINING_VOLUME: (
        Column(
            "remaining_quantity",
            _NUMBER,
            T("What is left of the sample, in the unit beside"),
            lambda row: _decimal(row.remaining),
        ),
        Column("unit", _CODE, T("Unit of the quantity (UCUM)"), lambda row: row.unit.value, Unit),
    ),
    Variable.HOURS_TO_FREEZING: (
        Column(
            "hours_to_freezing",
            _NUMBER,
            T("Hours from collection until the sample was first frozen or put in cold storage"),
            lambda row: "" if row.hours_to_cold is None else _decimal(row.hours_to_cold),
        ),
    ),
    Variable.THAWS: (
        Column(
            "thaws",
            _CODE,
            T("How often the sample was thawed, as itself or as what it was made of"),
            lambda row: "" if row.history is None else row.history.thaws.value,
            ThawBand,
        ),
    ),
    Variable.OUT_OF_STORE: (
        Column(
            "out_of_store",
            _CODE,
            T("Time out of the store, all times together; empty: it never was in it"),
            lambda row: (row.history and row.history.out_of_store) or "",
            OutBand,
        ),
    ),
    Variable.EXPOSURE: (
        Column(
            "exposure",
            _CODE,
            T("Whether the sample was in a place out of its limits of temperature"),
            lambda row: "" if row.history is None else row.history.exposure.value,
            ExposureState,
        ),
    ),
    Variable.SPREC_ELEMENTS: (
        Column(
            "sprec_elements",
            _TEXT,
            T("SPREC code, elements 3 to 7; empty where the type of sample is not told"),
            lambda row: (row.history and row.history.sprec) or "",
            needs=Variable.SAMPLE_TYPE,
        ),
        Column(
            "sprec_version",
            _TEXT,
            T("Version of SPREC in which the elements are written"),
            lambda row: VERSION if row.history and row.history.sprec else "",
            needs=Variable.SAMPLE_TYPE,
        ),
    ),
}


def _decimal(number: Decimal | float) -> str:
    text = format(number, "f") if isinstance(number, Decimal) else str(number)
    return text.replace(".", ",")


class SampleTable:
    """The rows of the extract, with the columns that were asked for and may leave."""

    def __init__(self, asked: Collection[Variable], plan: Plan) -> None:
        self._plan = plan
        leaving = [v for v in Variable if v in asked and v not in plan.withheld]
        self._columns = [(None, column) for column in IDENTIFIERS] + [
            (variable, column) for variable in leaving for column in COLUMNS[variable]
        ]
        self._seen: dict[str, set[str]] = {}

    @property
    def heading(self) -> list[str]:
        """The names of the columns."""
        return [column.name for _variable, column in self._columns]

    def lines(self, rows: Iterable[Row]) -> Iterator[list[str]]:
        """The headings, then each row as it leaves."""
        yield self.heading
        for row in rows:
            yield self._cells(row)

    def _cells(self, row: Row) -> list[str]:
        cells = []
        for variable, column in self._columns:
            value = column.read(row) if self._may_tell(column, row) else ""
            if variable is not None and variable in self._plan.steps:
                value = self._plan.value(variable, value)
            if column.codes is not None and value:
                self._seen.setdefault(column.name, set()).add(value)
            cells.append(value)
        return cells

    def _may_tell(self, column: Column, row: Row) -> bool:
        """Whether what the column tells something about leaves in clear beside it."""
        if column.needs is None:
            return True
        [told] = COLUMNS[column.needs]
        value = told.read(row)
        return column.needs in self._plan.steps and self._plan.value(column.needs, value) == value

    def dictionary(self) -> Iterator[Sequence[str]]:
        """What each column means, and each code that occurs; to be read after the rows."""
        yield ("column", "code", "type_fr", "signification_fr", "type_en", "meaning_en")
        for variable, column in self._columns:
            meaning = self._meaning(variable, column)
            yield (
                column.name,
                "",
                in_french(column.kind),
                in_french(meaning),
                str(column.kind),
                str(meaning),
            )
            for code in sorted(self._seen.get(column.name, ())):
                said = _code_meaning(column, code)
                yield (column.name, code, in_french(_CODE), in_french(said), str(_CODE), str(said))

    def _meaning(self, variable: Variable | None, column: Column) -> Message:
        if variable is None or variable not in self._plan.steps:
            return column.meaning
        step = LADDERS[variable][self._plan.steps[variable]]
        return T("{meaning} ({how})", meaning=column.meaning, how=step.said)


def _code_meaning(column: Column, code: str) -> Message:
    if code == RARE:
        return T("Not named, because few participants have it")
    return label(column.codes(code)) if column.codes else T("{code}", code=code)


def in_french(message: Message) -> str:
    """The sentence as French readers get it; files leave without anybody's choice of language."""
    return message.rendered(_french())


@cache
def _french() -> Callable[[str], str]:
    directory = str(resources.files("registry") / "translations")
    catalogue = gettext.translation("messages", directory, languages=["fr"], fallback=True)
    return catalogue.gettext
