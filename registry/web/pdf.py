"""Sending PDF files."""

import re

from flask import Response


def pdf_file_name(kind: str, code: str) -> str:
    """The name of the file of this kind about the thing with this code."""
    return f"{kind}-{re.sub('[^A-Za-z0-9._-]', '_', code)}.pdf"


def pdf_response(content: bytes, filename: str) -> Response:
    """The file, opened in the browser, from where it is printed.

    `filename` names things by their codes, never by a person's name.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]+\.pdf", filename):
        raise ValueError("a PDF is named with letters, digits, dots and hyphens")
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.headers["Content-Length"] = str(len(content))
    return response
