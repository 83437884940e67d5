"""A label in ZPL, the language of label printers.

Always true here: what is printed is data: every sign that the printer could
take for a command is written as its hexadecimal value.
"""

from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.labels.design import Design
from registry.labels.layout import MM_PER_INCH, Content, Placed, lay_out
from registry.vocab import limits
from registry.vocab.printing import PrinterResolution, PrintMethod

#: Introduces hexadecimal values, and within a DataMatrix its own escapes: doubled it is itself.
_ESCAPE = "_"
_HEX = {sign: f"_{ord(sign):02X}" for sign in "^~_\\"}
_MEDIA = {PrintMethod.TRANSFER: "T", PrintMethod.DIRECT: "D"}
#: Signs of ours that the printers' own font lacks.
_PLAIN = str.maketrans({"×": "x", "›": ">", "’": "'", "…": "..", "–": "-", "\u202f": " "})  # noqa: RUF001
_FONT_OF_LINE = 0.8
#: How wide a sign of the printers' font is at most on average, in parts of its height.
_ADVANCE = 0.6
_NARROWEST = 0.5


def label(
    design: Design, content: Content, *, resolution: PrinterResolution, method: PrintMethod
) -> str:
    """One label, printed once.

    :raises RuleBroken: the code's symbol would be too fine for this printer to print readably.
    """
    dpi = int(resolution)
    face = lay_out(design, content, dpi=dpi)

    def dots(millimetres: float) -> int:
        return round(millimetres * dpi / MM_PER_INCH)

    module = dots(face.module)
    if module < limits.LABEL_MODULE_DOTS_MIN:
        raise RuleBroken(
            T(
                "The code {code} needs a finer symbol than this printer prints. Print it as a PDF.",
                code=content.code,
            ),
            field="codes",
        )
    commands = [
        "^XA^CI28",
        f"^MT{_MEDIA[method]}^PW{dots(face.width)}^LL{dots(face.height)}^LH0,0",
        f"^FO{dots(face.symbol_x)},{dots(face.symbol_y)}"
        f"^BXN,{module},200,,,,{_ESCAPE}"
        f"{_field(content.code.replace(_ESCAPE, 2 * _ESCAPE))}",
        *(_line(line, dpi) for line in face.lines if line.text),
        "^PQ1^XZ",
    ]
    return "\n".join(commands) + "\n"


def _field(text: str) -> str:
    """Data that nothing in it can end; control characters are left out."""
    printable = "".join(sign for sign in text if sign.isprintable())
    return f"^FH{_ESCAPE}^FD{''.join(_HEX.get(sign, sign) for sign in printable)}^FS"


def _line(line: Placed, dpi: int) -> str:
    """A line no wider than its place: narrower signs, then fewer."""
    scale = dpi / MM_PER_INCH
    height = max(round(line.height * _FONT_OF_LINE * scale), 1)
    room = line.width * scale
    text = line.text.translate(_PLAIN)
    width = min(height, round(room / (_ADVANCE * len(text))))
    narrowest = max(round(height * _NARROWEST), 1)
    if width < narrowest:
        width = narrowest
        kept = max(int(room / (_ADVANCE * width)) - 2, 1)
        text = text[:kept].rstrip() + ".."
    down = line.y * scale + (line.height * scale - height) / 2
    return f"^FO{round(line.x * scale)},{round(down)}^A0N,{height},{width}{_field(text)}"
