"""What a file that somebody sends really is: told by its content, never by its name."""

_PDF_HEAD_WITHIN = 1024
_PDF_END_WITHIN = 1024

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
#: What is shown within a page; anything else is only handed over as a file.
IMAGES = frozenset({JPEG, PNG})
SUFFIXES = {PDF: "pdf", JPEG: "jpg", PNG: "png"}


def media_type_of(content: bytes) -> str | None:
    """PDF, JPEG or PNG when the content begins and ends as one does; else None."""
    if _is_pdf(content):
        return PDF
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\x00\r\n").endswith(b"\xff\xd9"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and content.endswith(
        b"IEND\xaeB`\x82"
    ):
        return PNG
    return None


def _is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:_PDF_HEAD_WITHIN] and b"%%EOF" in content[-_PDF_END_WITHIN:]
