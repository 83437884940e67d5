"""What a label template says and how large it is; the starter templates; what makes one wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.printing import TOKENS_OF, LabelPurpose, SymbolSide, Token

_TOKEN = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Line:
    """One line of a label: words and tokens, and how high it is in millimetres."""

    text: str
    height: float
    is_bold: bool = False

    def said(self, values: Mapping[Token, str]) -> str:
        """The line with its tokens replaced; what has no value leaves nothing behind."""
        filled = _TOKEN.sub(lambda found: values.get(Token(found[1]), ""), self.text)
        return " ".join(filled.split())


@dataclass(frozen=True)
class Design:
    """A label of this size, in millimetres, with its symbol on one side and lines beside it."""

    width: float
    height: float
    margin: float
    symbol_side: SymbolSide
    symbol_size: float
    lines: tuple[Line, ...]

    def scaled_to(self, width: float, height: float) -> "Design":
        """The same design on a label of another size: all grows or shrinks alike."""
        factor = min(width / self.width, height / self.height)
        return replace(
            self,
            width=width,
            height=height,
            margin=self.margin * factor,
            symbol_size=self.symbol_size * factor,
            lines=tuple(replace(line, height=line.height * factor) for line in self.lines),
        )

    def as_json(self) -> dict[str, Any]:
        """The design as it is kept."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Design":
        """A design that was kept."""
        lines = tuple(Line(**line) for line in kept["lines"])
        return cls(**{**kept, "symbol_side": SymbolSide(kept["symbol_side"]), "lines": lines})


def _cryo(*lines: Line) -> Design:
    return Design(33, 13, 1, SymbolSide.LEFT, 8.5, lines)


_FIRST = Line("{code}", 3.0, is_bold=True)

#: What is printed until somebody edits it: version 0 of each purpose.
STARTERS: dict[LabelPurpose, Design] = {
    LabelPurpose.PRIMARY: _cryo(
        _FIRST,
        Line("{type} {type_name}", 2.4),
        Line("{participant}", 2.4),
        Line("{date}", 2.4),
    ),
    LabelPurpose.ALIQUOT: _cryo(
        _FIRST,
        Line("{type} {type_name}", 2.4),
        Line("{participant}", 2.4),
        Line("{date} {sequence}", 2.4),
    ),
    LabelPurpose.DERIVATIVE: _cryo(
        _FIRST,
        Line("{type} {type_name}", 2.4),
        Line("{participant} {sequence}", 2.4),
        Line("{parent} {date}", 2.4),
    ),
    LabelPurpose.PLACE: Design(
        51, 25, 1.5, SymbolSide.LEFT, 14,
        (
            Line("{code}", 5.5, is_bold=True),
            Line("{name}", 4),
            Line("{kind} {cells} {temperature}", 3.5),
            Line("{inside}", 3.5),
        ),
    ),
    LabelPurpose.PARTICIPANT: _cryo(
        Line("{participant}", 3.4, is_bold=True),
        Line("{cohort} {site}", 2.6),
        Line("{date}", 2.6),
    ),
}  # fmt: skip


def check(purpose: LabelPurpose, design: Design) -> None:
    """Refuse a template that could not be printed or read.

    :raises InvalidInput: each error is named under its field.
    """
    errors: dict[str, list[Message]] = {}
    for name, message in (*_wrong_measures(design), *_wrong_lines(purpose, design.lines)):
        errors.setdefault(name, []).append(message)
    if errors:
        raise InvalidInput(T("This label cannot be printed."), errors=errors)


def _wrong_measures(design: Design) -> Sequence[tuple[str, Message]]:
    found: list[tuple[str, Message]] = []
    inner = design.height - 2 * design.margin
    if design.symbol_size > inner:
        found.append(
            ("symbol_size", T("The symbol is higher than the room between the margins ({room} mm).",
                              room=f"{inner:.4g}"))
        )  # fmt: skip
    room = design.width - 2 * design.margin - design.symbol_size - limits.LABEL_GAP_MM
    if room < limits.LABEL_TEXT_MM_MIN:
        found.append(
            ("width", T("Beside the symbol {room} mm are left for the text; {least} mm are needed.",
                        room=f"{max(room, 0):.3g}", least=limits.LABEL_TEXT_MM_MIN))
        )  # fmt: skip
    taken = sum(line.height for line in design.lines)
    if taken > inner + 1e-6:
        found.append(
            ("height", T("The lines are {taken} mm high together; the label has {room} mm.",
                         taken=f"{taken:.4g}", room=f"{inner:.4g}"))
        )  # fmt: skip
    return found


def _wrong_lines(purpose: LabelPurpose, lines: Sequence[Line]) -> Sequence[tuple[str, Message]]:
    known = TOKENS_OF[purpose]
    found: list[tuple[str, Message]] = []
    used: set[str] = set()
    for number, line in enumerate(lines, start=1):
        tokens = set(_TOKEN.findall(line.text))
        used |= tokens
        if unknown := sorted(tokens - set(known)):
            found.append(
                ("lines", T("Line {number}: there is no {{{token}}} here. See the list of tokens.",
                            number=number, token=unknown[0]))
            )  # fmt: skip
        if set("{}") & set(_TOKEN.sub("", line.text)):
            found.append(
                ("lines", T("Line {number}: a brace stands alone. Write tokens such as {{code}}.",
                            number=number))
            )  # fmt: skip
    readable = {Token.CODE, Token.PARTICIPANT} if purpose is LabelPurpose.PARTICIPANT else {"code"}
    if not used & readable:
        found.append(
            ("lines", T("One line must say {{code}}: an eye has to read what the scanner reads."))
        )
    return found
