"""Attributes that the form macros put on fields: what a template should not have to compose."""

from typing import Any

from wtforms import FieldList, RadioField, SelectField

from registry.kernel.messages import T
from registry.vocab.scanning import UNDO_COMMANDS, VALIDATE_COMMANDS
from registry.web import language


def anchor(field: Any) -> str:
    """The id of the first control of the field, where the error summary leads."""
    if isinstance(field, RadioField):
        return f"{field.id}-0"
    if isinstance(field, FieldList) and field.entries:
        return anchor(field.entries[0])
    return str(field.id)


def described_by(field: Any, hint: Any) -> dict[str, str]:
    """What a screen reader reads with the field: its hint, then its errors."""
    parts = [f"{field.id}-hint"] if hint else []
    attributes = {}
    if field.errors:
        parts.append(f"{field.id}-error")
        attributes["aria-invalid"] = "true"
    if parts:
        attributes["aria-describedby"] = " ".join(parts)
    return attributes


def control_class(field: Any, width: str | None) -> str:
    """The style of the control."""
    kind = "form-select" if isinstance(field, SelectField) else "form-control"
    own = (field.render_kw or {}).get("class", "")
    return " ".join(part for part in (kind, own, f"width-{width}" if width else "") if part)


def scan_attributes(field: Any, kind: str, first: bool) -> dict[str, Any]:
    """What makes a field a scan field, with or without JavaScript; `kind` is one or list.

    The first one on a page has the focus when the page opens.
    """
    attributes: dict[str, Any] = {
        "class": f"{control_class(field, None)} scan",
        "data-scan": kind,
        "data-echo": f"{field.id}-echo",
        "data-again": language.translate(T("was scanned already")),
        "data-count": language.translate(T("Scanned: {count}", count="{count}")),
        "data-undo": " ".join(UNDO_COMMANDS),
        "autocomplete": "off",
        "autocapitalize": "characters",
        "spellcheck": "false",
    }
    if kind == "list":
        own = (field.render_kw or {}).get("data-close")
        attributes["data-close"] = " ".join([*VALIDATE_COMMANDS, *([own] if own else [])])
    if first:
        attributes |= {"data-first": True, "autofocus": not field.errors}
    if not field.flags.required:
        attributes["data-optional"] = True
    return attributes


FUNCTIONS = {
    "anchor": anchor,
    "control_class": control_class,
    "described_by": described_by,
    "scan_attributes": scan_attributes,
}
