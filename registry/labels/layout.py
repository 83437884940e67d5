"""Where everything on a label stands: one layout for sheets, previews and label printers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry import typeset
from registry.labels.design import Design
from registry.vocab import limits
from registry.vocab.printing import LabelPurpose, SymbolSide, Token

MM_PER_INCH = 25.4
#: For which sheets and previews are laid out: modules of whole dots scan best.
SHEET_DPI = 300
_QUIET_MODULES = 1


@dataclass(frozen=True)
class Content:
    """What one label is about: the code of its symbol and what its tokens say."""

    purpose: LabelPurpose
    code: str
    values: Mapping[Token, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """A line in its place, in millimetres."""

    text: str
    x: float
    y: float
    width: float
    height: float
    is_bold: bool


@dataclass(frozen=True)
class Face:
    """A label ready to be drawn, in millimetres."""

    width: float
    height: float
    symbol: dict[str, Any]
    symbol_x: float
    symbol_y: float
    #: The side of one module of the symbol.
    module: float
    lines: tuple[Placed, ...]


def lay_out(design: Design, content: Content, *, dpi: int = SHEET_DPI) -> Face:
    """The label of `content`: a module is a whole number of the printer's dots, where one fits.

    The lines stand beside the symbol, centred together; an empty one keeps its place.
    """
    symbol = typeset.data_matrix(content.code)
    dot = MM_PER_INCH / dpi
    across = symbol["modules"] + 2 * _QUIET_MODULES
    finest = min(design.symbol_size / across, limits.LABEL_MODULE_MM_MAX)
    module = math.floor(finest / dot + 1e-6) * dot or finest
    side = across * module
    left = design.symbol_side is SymbolSide.LEFT
    text_x = design.margin + (side + limits.LABEL_GAP_MM if left else 0)
    text_width = design.width - 2 * design.margin - side - limits.LABEL_GAP_MM
    symbol_x = design.margin if left else design.width - design.margin - side
    y = (design.height - sum(line.height for line in design.lines)) / 2
    placed = []
    values = {Token.CODE: content.code, **content.values}
    for line in design.lines:
        said = line.said(values)
        placed.append(Placed(said, text_x, y, text_width, line.height, line.is_bold))
        y += line.height
    return Face(
        width=design.width,
        height=design.height,
        symbol=symbol,
        symbol_x=symbol_x + _QUIET_MODULES * module,
        symbol_y=(design.height - side) / 2 + _QUIET_MODULES * module,
        module=module,
        lines=tuple(placed),
    )
