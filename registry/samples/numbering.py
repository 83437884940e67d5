"""Our own codes, of tubes and by another letter of bags: the next numbers that no tube has."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.kernel.codes import tube
from registry.persistence import registry_session
from registry.persistence.unit_of_work import advisory_lock
from registry.samples.models import Sample, TubeNumber

#: The letter of the codes that this registry issues.
LETTER = "B"
#: The letter of kits printed in advance.
KIT_LETTER = "K"
FIRST = 1


def next_codes(count: int, *, letter: str = LETTER) -> Sequence[str]:
    """Take the next `count` codes of this letter; nobody else takes them, even before the commit.

    Numbers whose check character would be ``*`` are left out, and so are codes
    that a tube already has because it was labelled elsewhere.
    """
    advisory_lock("tube_number")
    counter = registry_session.get(TubeNumber, letter, populate_existing=True)
    if counter is None:
        counter = TubeNumber(letter=letter, next_number=FIRST)
        registry_session.add(counter)
    codes: list[str] = []
    while len(codes) < count:
        codes += _unused(counter, count - len(codes))
    return codes


def _unused(counter: TubeNumber, count: int) -> list[str]:
    """Up to `count` codes from the counter on, which moves past them."""
    candidates: list[str] = []
    while len(candidates) < count:
        code = tube.make(counter.letter, counter.next_number)
        counter.next_number += 1
        if code is not None:
            candidates.append(code)
    taken = set(registry_session.scalars(sa.select(Sample.code).where(Sample.code.in_(candidates))))
    return [code for code in candidates if code not in taken]
