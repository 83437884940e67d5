"""Printing labels as PDF: each printing is recorded."""

from collections.abc import Sequence
from typing import Any

from registry import audit
from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.labels import sheets, templates
from registry.labels.layout import Content
from registry.persistence import transactional
from registry.vocab.audit import AuditTag
from registry.vocab.printing import LabelPurpose, LabelStock

#: What an entry of the journal is about, by what bears the label.
_KIND = {LabelPurpose.PLACE: "storage", LabelPurpose.PARTICIPANT: "participant"}


@transactional
def sheet(
    actor: Actor, contents: Sequence[Content], stock: LabelStock, *, first: int = 1, **words: Any
) -> bytes:
    """The PDF of these labels, as `sheets.sheet` makes it with the templates in force.

    :raises InvalidInput: there is nothing to print, or the page has no place `first`.
    """
    require(actor, Permission.LABEL_PRINT)
    made = sheets.sheet(contents, templates.designs(), stock, first=first, **words)
    audit.record(
        actor,
        AuditTag.LABELS_PRINTED,
        about(contents[0]),
        codes=[content.code for content in contents],
        stock=stock,
    )
    return made


def about(content: Content) -> str:
    """What bears the label, as the journal calls it."""
    return f"{_KIND.get(content.purpose, 'sample')}:{content.code}"
