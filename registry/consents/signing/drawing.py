"""A signature drawn on the screen: strokes of points, which alone are taken from the browser.

The drawing that is kept is made of them here, so that no image of somebody
else's making is ever read.
"""

import re
from dataclasses import dataclass

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits

_POINT = r"\d{1,3},\d{1,3}"
_STROKES = re.compile(rf"{_POINT}(?: {_POINT})*(?:;{_POINT}(?: {_POINT})*)*")

Stroke = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Drawing:
    """Strokes on a field of `SIGNATURE_WIDTH` by `SIGNATURE_HEIGHT` units."""

    strokes: tuple[Stroke, ...]

    @property
    def svg(self) -> str:
        """The drawing as SVG, lines alone."""
        path = " ".join(
            "M" + " L".join(f"{x} {y}" for x, y in (stroke if len(stroke) > 1 else stroke * 2))
            for stroke in self.strokes
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {limits.SIGNATURE_WIDTH} '
            f'{limits.SIGNATURE_HEIGHT}"><path d="{path}" fill="none" stroke="#16232e" '
            'stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
        )


def read(strokes: str | None, *, field: str) -> Drawing:
    """The drawing that the browser sent: ``x,y x,y;x,y …``, a semicolon between strokes.

    :raises InvalidInput: nothing was drawn, or it is no drawing.
    """
    if not strokes:
        raise InvalidInput(T("A signature is missing. Sign in the field."), field=field)
    if not _STROKES.fullmatch(strokes):
        raise InvalidInput(T("The signature could not be read. Draw it again."), field=field)
    found = tuple(
        tuple((int(x), int(y)) for x, y in (point.split(",") for point in stroke.split(" ")))
        for stroke in strokes.split(";")
    )
    points = [point for stroke in found for point in stroke]
    inside = all(x <= limits.SIGNATURE_WIDTH and y <= limits.SIGNATURE_HEIGHT for x, y in points)
    if not inside or len(points) > limits.SIGNATURE_POINTS_MAX:
        raise InvalidInput(T("The signature could not be read. Draw it again."), field=field)
    if len(set(points)) < limits.SIGNATURE_POINTS_MIN:
        raise InvalidInput(T("This is too short for a signature. Draw it again."), field=field)
    return Drawing(found)
