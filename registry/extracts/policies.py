"""When an extract may be made and when it may leave."""

from collections.abc import Collection

from registry.extracts.eligibility import Eligibility
from registry.extracts.models import Extract
from registry.extracts.snapshot import Snapshot
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.research import DuoTerm

_RECALLED = T(
    "Since this extract was produced, the consent of somebody in it has changed and "
    "no longer allows it. It was recalled and cannot be downloaded. "
    "Ask the data manager to produce it anew."
)


class NoLongerAllowed(RuleBroken):
    """Somebody in the extract may no longer be in it: it is recalled."""


def check_is_enough(snapshot: Snapshot) -> None:
    """Refuse an extract about so few people that they could be told apart.

    :raises RuleBroken: fewer than eleven participants would be left in it.
    """
    if not snapshot.is_enough:
        raise RuleBroken(
            T(
                "The extract was not made: fewer than {minimum} participants match, have a "
                "consent that allows the purpose and look like {others} others. Ask for fewer "
                "variables or wider criteria.",
                minimum=limits.SMALL_CELL_MIN,
                others=limits.SMALL_CELL_MIN - 1,
            )
        )


def check_still_allowed(members: Collection[int], now: Eligibility) -> None:
    """Refuse to hand over an extract with somebody in it whose consent no longer allows it.

    :raises NoLongerAllowed: there is somebody.
    """
    if not members or now.allowed != frozenset(members):
        raise NoLongerAllowed(_RECALLED)


def check_accepted(found: Eligibility, accepted: Collection[DuoTerm]) -> None:
    """Refuse an extract under conditions that the requester has not accepted.

    :raises RuleBroken: a consent asks something in return that was not asked of the requester.
    """
    if any(owed.term not in accepted for owed in found.obligations):
        raise RuleBroken(
            T(
                "The participants' consents set conditions that were not there when the request "
                "was sent. The requester has to withdraw it and ask anew, accepting them."
            )
        )


def check_not_recalled(extract: Extract | None) -> Extract:
    """The extract, if there is one that may leave.

    :raises RuleBroken: none was made, or it was recalled.
    """
    if extract is not None and extract.recalled_at is not None:
        raise RuleBroken(_RECALLED)
    if extract is None:
        raise RuleBroken(T("There is no extract to download. Ask the data manager to produce one."))
    return extract


def check_is_latest(seen: Extract, latest: Extract | None) -> None:
    """Refuse an extract that was recalled or replaced since it was looked up.

    :raises RuleBroken: it was.
    """
    if check_not_recalled(latest).id != seen.id:
        raise RuleBroken(T("The extract was made anew in the meantime. Download it again."))
