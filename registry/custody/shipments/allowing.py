"""What the consents say on a shipment at this moment, held until the commit."""

from collections.abc import Iterable

from registry.consents import decision
from registry.consents.decision import Asked
from registry.kernel import clock
from registry.kernel.errors import RuleBroken


class Allowed:
    """Whose tubes may travel: each participant is asked about once and kept from withdrawing.

    Participants are locked before their samples are, in the order of everybody.
    """

    def __init__(self, asked: Asked, participant_ids: Iterable[int]) -> None:
        self._refused: dict[int, RuleBroken] = {}
        for one in sorted(set(participant_ids)):
            try:
                decision.require_allowed(one, asked, on=clock.today())
            except RuleBroken as refusal:
                self._refused[one] = refusal

    def check(self, participant_id: int) -> None:
        """Refuse a tube of somebody whose consent does not allow it.

        :raises RuleBroken: the sentence says which use and why.
        """
        if participant_id in self._refused:
            raise RuleBroken(self._refused[participant_id].message)
