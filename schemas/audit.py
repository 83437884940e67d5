"""What can be asked of the journal."""

import re
from typing import Any

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.patterns import REFERENCE
from schemas.base import Shape
from schemas.fields import Choice, TrimmedText, WholeNumber, refuse


class Reference(TrimmedText):
    """A ``kind:code``; anything else could be a name, which must not get into an address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=limits.NAME_MAX, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text = super()._deserialize(value, attr, data)
        if not re.fullmatch(REFERENCE, text):
            refuse(T("Write a kind and a code, such as sample:B000000127."))
        return text


class JournalQuery(Shape):
    """The entries of one kind, about one thing, before one entry."""

    tag = Choice(AuditTag)
    about = Reference()
    before = WholeNumber(minimum=1, maximum=2**62)
