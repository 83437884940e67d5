"""Which disease lies within which, by the codes of the loaded terminology.

The registry ships no terminology.  It relies on the one property that the
hierarchical ones share: the code of a narrower entry begins with that of the
wider one.  So is ICD-10 written: ``M05`` holds ``M05.9``, and a block such as
``M05-M14`` holds every category between its ends.  The dot is punctuation.
A code that is not written in that way (ORPHA, OMIM, SNOMED CT) says nothing by
its beginning, ORPHA:12 is no parent of ORPHA:123: such a code holds itself
alone.  What cannot be read holds nothing.
"""

import re

_CATEGORY = "[A-Z][0-9][0-9A-Z]"
_CODE = re.compile(rf"({_CATEGORY})\.?([0-9A-Z]{{0,4}})")
_BLOCK = re.compile(rf"({_CATEGORY})-({_CATEGORY})")

#: Topics on which people rather than tables decide: sexually transmitted infections, HIV,
#: mental disorders, addictions, self-harm, abuse, and what touches sexuality.
SENSITIVE = ("A50-A64", "B20-B24", "F00-F99", "T74", "X60-X84", "Z21", "Z70-Z72")


def _plain(code: str) -> str:
    return code.strip().upper()


def holds(wide: str, narrow: str) -> bool:
    """Whether the disease `narrow` is `wide` or lies within it."""
    wide, narrow = _plain(wide), _plain(narrow)
    outer, inner = _CODE.fullmatch(wide), _CODE.fullmatch(narrow)
    if outer and inner:
        return "".join(inner.groups()).startswith("".join(outer.groups()))
    block, ends = _BLOCK.fullmatch(wide), _ends(narrow)
    if block and ends:
        return block[1] <= ends[0] and ends[1] <= block[2]
    return bool(wide) and wide == narrow


def _ends(code: str) -> tuple[str, str] | None:
    """The first and the last category that a code or a block of them reaches."""
    if block := _BLOCK.fullmatch(code):
        return block[1], block[2]
    one = _CODE.fullmatch(code)
    return (one[1], one[1]) if one else None


def is_sensitive(code: str) -> bool:
    """Whether research on it touches what a person has to weigh."""
    return any(holds(topic, code) or holds(code, topic) for topic in SENSITIVE)
