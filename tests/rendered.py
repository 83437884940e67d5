"""Looking at a PDF as a printer and a scanner would."""

from collections.abc import Iterator

import pypdfium2
import zxingcpp
from PIL.Image import Image

DPI = 300


def pages(pdf: bytes) -> Iterator[Image]:
    """Each page as it prints at 300 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield page.render(scale=DPI / 72).to_pil().convert("L")
    document.close()


def codes(pdf: bytes) -> list[str]:
    """Every DataMatrix on every page, read back by a decoder, from the top left on."""
    found = []
    for image in pages(pdf):
        symbols = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.DataMatrix)
        # Labels of one row lie within a few millimetres of height.
        placed = sorted(
            symbols, key=lambda one: (one.position.top_left.y // 60, one.position.top_left.x)
        )
        found += [symbol.text for symbol in placed]
    return found


def words(pdf: bytes) -> str:
    """The text of all pages, as a screen reader or a search finds it."""
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text.replace("\r\n", "\n")


def rightmost(pdf: bytes) -> float:
    """How far to the right any sign reaches, in points."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage() for page in document]
    found = max(text.get_charbox(n)[2] for text in texts for n in range(text.count_chars()))
    document.close()
    return found
