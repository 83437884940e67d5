"""What can be asked of the journal."""

from registry.vocab import limits
from registry.vocab.audit import AuditTag
from schemas.base import Shape
from schemas.fields import Choice, TrimmedText, WholeNumber


class JournalQuery(Shape):
    """The entries of one kind, about one thing, before one entry."""

    tag = Choice(AuditTag)
    about = TrimmedText(longest=limits.NAME_MAX)
    before = WholeNumber(minimum=1, maximum=2**62)
