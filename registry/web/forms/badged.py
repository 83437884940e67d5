"""A badge that was scanned where tubes and boxes are: the page does not show what it says.

Whoever stands behind the technician would have half of what signs for a second person.
"""

from collections.abc import Collection
from typing import Any

from registry.accounts.badges import queries as badges
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.web import guards
from registry.web.forms import tree
from schemas.fields import ScanCode, ScanCodes

_BADGE = T("A badge was scanned here, which is no label: it was taken out.")


def conceal(form: Any) -> None:
    """Take badges out of the scan fields of a refused form, and out of what it says of them."""
    actor = guards.signed_in()
    scanning = [
        form[name]
        for name, field in form.shape.fields.items()
        if isinstance(field, ScanCode | ScanCodes) and name in form
    ]
    given = {line.strip() for field in scanning for line in _lines(field)} - {""}
    if actor is None or not given:
        return
    found = badges.among(actor, given)
    if not found:
        return
    for field in scanning:
        kept = [line for line in _lines(field) if line.strip() not in found]
        field.data = "\n".join(kept)
    said = found | {_as_read(one) for one in found}
    tree.reword(form, lambda message: _BADGE if _tells(message, said) else message)


def _lines(field: Any) -> list[str]:
    return field.data.splitlines() if isinstance(field.data, str) else []


def _as_read(scanned: str) -> str:
    try:
        return tube.read_scan(scanned)
    except InvalidInput:
        return scanned


def _tells(message: Message, said: Collection[str]) -> bool:
    return any(
        _tells(value, said) if isinstance(value, Message) else value in said
        for value in message.params.values()
    )
