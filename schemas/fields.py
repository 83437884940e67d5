"""Fields that read what French hospitals write, and refuse what could mean two things.

The same fields serve a form, a line of a CSV file and JSON.  Always true here:
a value is understood in exactly one way or refused with a sentence that says
how to write it; no error repeats the value, which may identify a person.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Generic, NoReturn, TypeVar

from marshmallow import ValidationError
from marshmallow.fields import Field, List
from marshmallow.types import ErrorMessages

from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab import limits, patterns
from registry.vocab.scanning import VALIDATE_COMMANDS, ScanCommand

E = TypeVar("E", bound=StrEnum)

_EXCEL_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TRUE = frozenset({"1", "y", "yes", "on", "true", "oui", "o", "vrai"})
_FALSE = frozenset({"0", "n", "no", "off", "false", "non", "faux"})


def refuse(message: Message) -> NoReturn:
    """Refuse the value with this sentence."""
    raise ValidationError([message])


def text_of(value: Any) -> str:
    """The string that was given, without surrounding space."""
    if not isinstance(value, str):
        refuse(T("Text is expected here."))
    return unicodedata.normalize("NFC", value).strip()


class TrimmedText(Field[str]):
    """Text without surrounding space or control characters, within its limits.

    `lines` keeps line breaks; otherwise a line break is a control character.
    """

    def __init__(
        self, *, longest: int, shortest: int = 1, lines: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self.longest = longest
        self.shortest = shortest
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = text_of(value)
        if self.lines:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        allowed = "\n\t" if self.lines else ""
        # What Python can print holds no control character: the usual case, told at once.
        if not text.isprintable() and any(
            _is_control(symbol) and symbol not in allowed for symbol in text
        ):
            refuse(T("The text holds invisible control characters. Type it again."))
        if len(text) < self.shortest:
            refuse(T("Write at least {count} characters.", count=self.shortest))
        if len(text) > self.longest:
            refuse(
                T(
                    "Write at most {count} characters; there are {found}.",
                    count=self.longest,
                    found=len(text),
                )
            )
        return text


def _is_control(symbol: str) -> bool:
    return unicodedata.category(symbol) in ("Cc", "Cs") or symbol in _BIDIRECTIONAL


class Verbatim(Field[str]):
    """Text taken exactly as it came, blanks and control characters included."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            refuse(T("Text is expected here."))
        if len(value) > self.longest:
            refuse(
                T(
                    "Write at most {count} characters; there are {found}.",
                    count=self.longest,
                    found=len(value),
                )
            )
        return value


class Secret(Field[str]):
    """A password: taken exactly as it was typed, within a length that cannot choke the hash."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            refuse(T("Text is expected here."))
        if len(value) > limits.PASSWORD_MAX:
            refuse(T("A password has at most {count} characters.", count=limits.PASSWORD_MAX))
        return value


class FrenchDecimal(Field[Decimal]):
    """A decimal number with a comma or a point, exact.

    Spaces may group thousands.  ``1.234`` could be one thousand or one and a
    bit, and ``4,35E+09`` is what a spreadsheet leaves of a longer number: both
    are refused.
    """

    _PLAIN = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,][0-9]+)?")
    _MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")

    def __init__(
        self,
        *,
        minimum: Decimal | int | None = None,
        above: Decimal | int | None = None,
        maximum: Decimal | int = limits.QUANTITY_MAX,
        places: int = limits.QUANTITY_PLACES,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.minimum = minimum
        self.above = above
        self.maximum = maximum
        self.places = places

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:
        number = self._read(value)
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > self.places:
            refuse(T("Write at most {count} decimal places.", count=self.places))
        if self.above is not None and number <= self.above:
            refuse(T("Write a number above {bound}.", bound=self.above))
        if self.minimum is not None and number < self.minimum:
            refuse(T("Write a number of at least {bound}.", bound=self.minimum))
        if number > self.maximum:
            refuse(T("Write a number of at most {bound}.", bound=self.maximum))
        return number

    def _read(self, value: Any) -> Decimal:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return _exact(str(value))
        text = re.sub(r"[\u00a0\u202f\u2009]", " ", text_of(value)).replace("\u2212", "-")
        if _EXCEL_NUMBER.fullmatch(text):
            refuse(
                T("The spreadsheet has shortened this number. Format the column as text or number.")
            )
        if self._MAYBE_THOUSANDS.fullmatch(text):
            refuse(
                T("This could be thousands or decimals. Write a decimal comma, or no separator.")
            )
        if not self._PLAIN.fullmatch(text):
            refuse(T("Write a number, such as 0,5 or 0.5."))
        return _exact(text.replace(" ", "").replace(",", "."))


def _exact(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        refuse(T("Write a number, such as 0,5 or 0.5."))
    if not number.is_finite():
        refuse(T("Write a number, such as 0,5 or 0.5."))
    return number


class WholeNumber(Field[int]):
    """A whole number between two bounds."""

    def __init__(self, *, minimum: int = 0, maximum: int, **options: Any) -> None:
        super().__init__(**options)
        self.minimum = minimum
        self.maximum = maximum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if isinstance(value, bool):
            refuse(T("Write a whole number."))
        text = str(value) if isinstance(value, int) else text_of(value)
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            refuse(T("Write a whole number."))
        number = int(text)
        if not self.minimum <= number <= self.maximum:
            refuse(
                T(
                    "Write a whole number from {least} to {most}.",
                    least=self.minimum,
                    most=self.maximum,
                )
            )
        return number


class Flag(Field[bool]):
    """Yes or no; a box that is not ticked is not sent, which is no."""

    def __init__(self, **options: Any) -> None:
        if not options.get("required"):
            options.setdefault("load_default", False)
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if isinstance(value, bool):
            return value
        text = text_of(value).casefold()
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        refuse(T("Answer yes or no."))


class Choice(Field[E], Generic[E]):
    """One member of an enumeration, by its value."""

    def __init__(self, members: type[E], **options: Any) -> None:
        super().__init__(**options)
        self.members = members

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> E:
        try:
            return self.members(text_of(value))
        except ValueError:
            refuse(T("Choose one of the values offered."))

    def _serialize(self, value: E | None, attr: str | None, obj: Any, **_: Any) -> Any:
        return None if value is None else value.value


class Numbered(Field[dict[str, int]]):
    """One thing among several kinds, such as ``site:3``; loads as the argument that names it.

    `names` says by which argument each kind goes on: ``{"site": "to_site_id"}``.
    """

    def __init__(self, names: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.names = names

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, int]:
        kind, _colon, number = text_of(value).partition(":")
        name = self.names.get(kind)
        if name is None or not re.fullmatch(r"[0-9]{1,9}", number):
            refuse(T("Choose one of the values offered."))
        return {name: int(number)}


class ScanCode(Field[str]):
    """A code as a scanner or a person gives it, made whole or refused.

    :see: ``registry.kernel.codes.tube.read_scan`` for what is repaired.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            refuse(T("Scan or type a code."))
        return read_code(value)


def read_code(raw: str) -> str:
    """The code that was scanned.

    :raises ValidationError: a spreadsheet has turned it into a number, it is too
        long, it holds signs that no label has, or its check character is wrong.
    """
    if _EXCEL_NUMBER.fullmatch(raw.strip()):
        refuse(T("A spreadsheet has turned this code into a number. Scan the tube itself."))
    try:
        code = tube.read_scan(raw)
    except InvalidInput as refusal:
        refuse(refusal.message)
    if len(code) > limits.CODE_MAX:
        refuse(T("A code has at most {count} characters.", count=limits.CODE_MAX))
    if not re.fullmatch(patterns.SCANNED_CODE, code):
        refuse(T("The code holds signs that no label has. Scan it again."))
    return code


class Command(Field[ScanCommand]):
    """One command barcode, and nothing else."""

    def __init__(self, command: ScanCommand, **options: Any) -> None:
        super().__init__(**options)
        self.command = command

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> ScanCommand:
        if not isinstance(value, str) or not tube.is_command(value, self.command.value):
            refuse(T("Scan {command}, or leave this empty.", command=self.command.value))
        return self.command


class ScanCodes(Field[list[str]]):
    """Several codes, one on each line of a text or one in each place of a list.

    Blank lines and the command that sends the list do not count.  The same code
    twice is refused, named by its line, because each tube is scanned once.
    """

    def __init__(self, *, most: int = limits.SCANS_AT_ONCE_MAX, **options: Any) -> None:
        super().__init__(**options)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> list[str]:
        given = value if isinstance(value, list) else text_of(value).splitlines()
        problems: list[Message] = []
        codes: list[str] = []
        for line, raw in enumerate(given, start=1):
            if not isinstance(raw, str) or raw.strip().upper() in ("", *VALIDATE_COMMANDS):
                continue
            try:
                code = read_code(raw)
            except ValidationError as refusal:
                problems += [
                    T("Line {line}: {problem}", line=line, problem=problem)
                    for problem in refusal.messages
                ]
                continue
            if code in codes:
                problems.append(T("Line {line}: {code} was scanned before.", line=line, code=code))
            codes.append(code)
        if len(codes) > self.most:
            problems = [T("Scan at most {count} codes at once.", count=self.most)]
        if problems:
            raise ValidationError(problems)
        if self.required and not codes:
            refuse(T("Scan at least one code."))
        return codes


class Several(List[Any]):
    """A list of values of one field."""

    default_error_messages: ErrorMessages = {"invalid": [T("A list is expected here.")]}
