"""Reading the files that temperature loggers write: CSV of times and °C.

Nothing is guessed: a day that could be read in two ways, an hour that a clock
change repeats or leaves out, and another unit than °C are refused; every line
that cannot be read is named.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import islice

from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.storage.temperatures.excursions import Reading

#: Loggers write who and what they are in some lines before the table.
_HEAD_LINES = 40
_BAD_LINES_NAMED = 20
_MONTHS = 12
#: Colder than anything can be, and hotter than a logger survives.
_COLDEST, _HOTTEST = Decimal("-273.15"), Decimal(200)

_TIME_HEADINGS = re.compile(r"date|time|heure|zeit|horodat|timestamp", re.IGNORECASE)
_CELSIUS_HEADINGS = re.compile(r"temp|°\s*[CF]|celsius|fahrenheit", re.IGNORECASE)
_FAHRENHEIT = re.compile(r"°\s*F|fahrenheit", re.IGNORECASE)
_NUMBER = re.compile(r"[-+\u2212]?\d{1,3}(?:[.,]\d{1,4})?")
_DAY_AND_HOUR = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{1,2})"
    r"[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]0+)?)?"
    r" ?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True)
class Clock:
    """How the logger's clock is to be read where the file does not say."""

    zone: tzinfo
    #: Whether 03/04 is the third of April; None: unknown, and refused unless the file shows it.
    day_first: bool | None = None


@dataclass(frozen=True)
class _Row:
    line: int
    moment: re.Match[str]
    celsius: Decimal


def read(content: bytes, how: Clock) -> Sequence[Reading]:
    """Every reading of a logger's file, earliest first; raises as `read_lines` does."""
    return list(read_lines(content, how))


def read_lines(content: bytes, how: Clock) -> Mapping[Reading, int]:
    """Every reading of a logger's file, earliest first, with the line that it stands in.

    :raises InvalidInput: under ``file``, with each line that cannot be read; or
        the file has no table of times and °C.
    """
    problems: list[Message] = []
    rows = list(_rows(_text(content), problems))
    day_first = _order_of_days(rows, how.day_first)
    found: dict[datetime, tuple[int, Decimal]] = {}
    for row in rows:
        try:
            at = _moment(row.moment, how.zone, day_first=day_first)
            if at > clock.now():
                raise InvalidInput(T("the time is in the future"))
            known = found.setdefault(at, (row.line, row.celsius))
            if known[1] != row.celsius:
                raise InvalidInput(
                    T("line {other} has another temperature for this time", other=known[0])
                )
        except InvalidInput as refusal:
            problems.append(_bad(row.line, refusal.message))
    _raise_if_any(problems)
    if not found:
        raise _unreadable(T("The file has no readings."))
    return {Reading(at, celsius): line for at, (line, celsius) in sorted(found.items())}


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # Only the degree sign and accents of headings are lost if this is wrong.
        return content.decode("cp1252", errors="replace")


def _rows(text: str, problems: list[Message]) -> Iterator[_Row]:
    """The lines below the headings that hold a time and a temperature."""
    lines = text.replace("\0", "\ufffd").splitlines()
    start, separator, headings = _headings(lines)
    when, what = _columns(headings)
    for line, text_of_line in enumerate(lines[start:], start + 1):
        cells = _cells(text_of_line, separator)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            problems.append(
                _bad(line, T("{found} columns, {meant} headings",
                             found=len(cells), meant=len(headings)))
            )  # fmt: skip
            continue
        moment = _DAY_AND_HOUR.fullmatch(" ".join(cells[i].strip() for i in when))
        celsius = _celsius(cells[what])
        if moment is None:
            problems.append(_bad(line, T("the time cannot be read")))
        elif celsius is None:
            problems.append(_bad(line, T("the temperature cannot be read")))
        else:
            yield _Row(line, moment, celsius)


def _headings(lines: Sequence[str]) -> tuple[int, str, list[str]]:
    """After which line the table begins, what separates its columns, and their headings.

    :raises InvalidInput: there is no line of headings, or the temperatures are not in °C.
    """
    for index, line in enumerate(islice(lines, _HEAD_LINES)):
        for separator in (";", "\t", ","):
            cells = _cells(line, separator)
            named = [cell for cell in cells if _CELSIUS_HEADINGS.search(cell)]
            if named and any(_is_time(cell) for cell in cells if cell not in named):
                if any(_FAHRENHEIT.search(cell) for cell in named):
                    raise _unreadable(T("The file is in °F: have the logger write °C."))
                return index + 1, separator, [cell.strip() for cell in cells]
    raise _unreadable(
        T("The file has no headings for the time and the temperature, such as “Date;°C”.")
    )


def _cells(line: str, separator: str) -> list[str]:
    """A line alone, so that a quote left open spoils no line but its own."""
    return next(csv.reader([line], delimiter=separator), [])


def _is_time(heading: str) -> bool:
    return bool(_TIME_HEADINGS.search(heading)) and not _CELSIUS_HEADINGS.search(heading)


def _columns(headings: Sequence[str]) -> tuple[list[int], int]:
    """Which columns hold the time (a day and an hour may stand apart), and which the °C."""
    when = [i for i, heading in enumerate(headings) if _is_time(heading)]
    what = [i for i, heading in enumerate(headings) if _CELSIUS_HEADINGS.search(heading)]
    if len(what) > 1:
        raise _unreadable(
            T("The file has {count} columns of temperatures: export one probe at a time.",
              count=len(what))
        )  # fmt: skip
    if len(when) > 2:
        raise _unreadable(T("The file has more than one column of times."))
    return when, what[0]


def _celsius(cell: str) -> Decimal | None:
    number = cell.strip().removesuffix("C").removesuffix("°").strip()
    if not _NUMBER.fullmatch(number):
        return None
    found = Decimal(number.replace(",", ".").replace("\u2212", "-"))
    return found if _COLDEST <= found <= _HOTTEST else None


def _order_of_days(rows: Sequence[_Row], said: bool | None) -> bool:
    """Whether days written with slashes begin with the day: as the whole file shows, or as said.

    :raises InvalidInput: the file can be read both ways, or shows the contrary of what was said.
    """
    slashed = [row.moment for row in rows if _is_slashed(row.moment)]
    day_first = any(int(one["a"]) > _MONTHS for one in slashed)
    month_first = any(int(one["b"]) > _MONTHS for one in slashed)
    if day_first and month_first:
        raise _unreadable(T("The days of the file are written in two ways."))
    shown = day_first if day_first or month_first else None
    if slashed and shown is None and said is None:
        raise _unreadable(
            T("“{day}” can be two days: say whether the day comes first.", day=slashed[0][0])
        )
    if shown is not None and said is not None and shown != said:
        raise _unreadable(T("The days of the file are not written in the way that was said."))
    return bool(shown if shown is not None else said)


def _is_slashed(moment: re.Match[str]) -> bool:
    return moment["sep"] != "." and len(moment["a"]) <= 2


def _moment(moment: re.Match[str], zone: tzinfo, *, day_first: bool) -> datetime:
    """The moment in UTC.

    :raises InvalidInput: there is no such day or hour, or two.
    """
    year, month, day = moment["a"], moment["b"], moment["c"]
    if len(year) < 4:
        year, month, day = moment["c"], moment["a"], moment["b"]
        if day_first or moment["sep"] == ".":
            month, day = day, month
    if len(year) != 4:
        raise InvalidInput(T("the year needs four digits"))
    day_and_hour = f"{year}-{month:0>2}-{day:0>2}T{moment['hour']:0>2}:{moment['minute']}"
    written = f"{day_and_hour}:{moment['second'] or '00'}"
    try:
        if moment["zone"]:
            return datetime.fromisoformat(written + moment["zone"]).astimezone(UTC)
        return _on_wall(datetime.fromisoformat(written), zone)
    except (ValueError, OverflowError):
        raise InvalidInput(T("there is no such day or hour")) from None


def _on_wall(local: datetime, zone: tzinfo) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise InvalidInput(T("the clock change leaves this hour out"))
    raise InvalidInput(T("the clock change repeats this hour: export the file in UTC"))


def _bad(line: int, reason: Message) -> Message:
    return T("Line {line}: {reason}.", line=line, reason=reason)


def _raise_if_any(problems: Sequence[Message]) -> None:
    if not problems:
        return
    named = list(problems[:_BAD_LINES_NAMED])
    if len(problems) > len(named):
        named.append(T("And {count} more lines.", count=len(problems) - len(named)))
    raise InvalidInput(
        T("Nothing was recorded: some lines cannot be read."),
        field="file",
        errors={"file": named},
    )


def _unreadable(why: Message) -> InvalidInput:
    return InvalidInput(why, field="file")
