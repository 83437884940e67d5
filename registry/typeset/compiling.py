"""Making PDF files and scannable codes of data."""

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

import typst
import zxingcpp

#: All but Latin, Greek, Cyrillic, punctuation and currencies, which the embedded fonts draw.
_NOT_DRAWN = re.compile(
    r"[^\n\x20-\x7e\xa0-\u0377\u03a3-\u0484\u0487-\u04ff\u2010-\u2027\u2030-\u2040\u20a0-\u20bf"
    r"\u2190-\u2193\u2212\u2260\u2264\u2265]"
)
_MISSING = "\N{REPLACEMENT CHARACTER}"

# One compiler keeps its parsed fonts and templates; it refuses to be entered twice.
_LOCK = Lock()


@cache
def _compiler() -> tuple[typst.Compiler, int]:
    """The compiler, and the process in which its threads run."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True), os.getpid()


@cache
def _source(package: str, name: str) -> bytes:
    return resources.files(package).joinpath("typst").joinpath(f"{name}.typ").read_bytes()


def pdf(package: str, template: str, data: Mapping[str, Any], *, moment: datetime | None) -> bytes:
    """The PDF that `package`'s ``typst/<template>.typ`` makes of `data` (JSON).

    `moment` is the date that the file bears; None for a file that bears none.
    A sign that no font here can draw is printed as U+FFFD: the reader sees that
    something is missing, and the screen has it.
    """
    return _made(
        package,
        template,
        data,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=moment and moment.replace(microsecond=0),
    )


def picture(package: str, template: str, data: Mapping[str, Any], *, dpi: int = 300) -> bytes:
    """The PNG of the one page that the template makes of `data`, as `pdf` would print it."""
    return _made(package, template, data, format="png", ppi=dpi)


def _made(package: str, template: str, data: Mapping[str, Any], **options: Any) -> bytes:
    sources = {
        "main.typ": _source(package, template),
        "common.typ": _source("registry.typeset", "common"),
    }
    given = json.dumps(data, ensure_ascii=False, sort_keys=True)
    try:
        return _compile(sources, given, options)
    except typst.TypstError:
        certain = drawable(data)
        if certain == data:
            raise
        return _compile(sources, json.dumps(certain, ensure_ascii=False, sort_keys=True), options)


def _compile(sources: dict[str, bytes], data: str, options: Mapping[str, Any]) -> bytes:
    compiler, process = _compiler()
    if process != os.getpid():
        # It would wait for ever, and keep the database's one writer waiting.
        raise RuntimeError("no PDF is made in a fork of a process that has made one")
    with _LOCK:
        made = compiler.compile(
            sources,
            sys_inputs={"data": data},
            **options,
        )
    if not isinstance(made, bytes):
        raise TypeError("typst made several files where one was expected")
    return made


def drawable(value: Any) -> Any:
    """The same data with what the fonts may not draw replaced by U+FFFD."""
    if isinstance(value, str):
        return _NOT_DRAWN.sub(_MISSING, value)
    if isinstance(value, Mapping):
        return {name: drawable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(item) for item in value]
    return value


def data_matrix(code: str) -> dict[str, Any]:
    """A square DataMatrix (ECC 200) of `code`: its drawing as SVG and its modules on a side.

    One path, so that no viewer shows hairlines between modules.
    """
    return _drawn(
        code, zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    )


def qr_code(address: str) -> dict[str, Any]:
    """A QR code of `address`, as every telephone reads it, drawn in the same way."""
    return _drawn(
        address, zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    )


def _drawn(code: str, symbol: zxingcpp.Barcode) -> dict[str, Any]:
    modules = zxingcpp.write_barcode_to_image(symbol, add_quiet_zones=False).shape[0]
    drawing = zxingcpp.write_barcode_to_svg(symbol, add_quiet_zones=False)
    return {"code": code, "modules": modules, "svg": drawing}
