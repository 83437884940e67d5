"""What the consents say on a shipment at this moment, held until the commit."""

from collections.abc import Iterable
from operator import itemgetter

from registry.consents import decision
from registry.consents.decision import Asked
from registry.custody import asking
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.samples.models import Sample


class Allowed:
    """Whose tubes may travel: each participant is asked about once for
    all tubes of which the same is asked, and kept from withdrawing.

    Participants are locked before their samples are, in the order of everybody.
    """

    def __init__(self, asked: Asked, tubes: Iterable[Sample]) -> None:
        self._asked = asked
        self._refused: dict[tuple[int, tuple[Asked, ...]], RuleBroken] = {}
        for owner, about in sorted({self._about(tube) for tube in tubes}, key=itemgetter(0)):
            try:
                decision.require_allowed(owner, *about, on=clock.today())
            except RuleBroken as refusal:
                self._refused[owner, about] = refusal

    def check(self, tube: Sample) -> None:
        """Refuse a tube of somebody whose consent does not allow it.

        :raises RuleBroken: the sentence says which use and why.
        """
        refusal = self._refused.get(self._about(tube))
        if refusal is not None:
            raise RuleBroken(refusal.message)

    def _about(self, tube: Sample) -> tuple[int, tuple[Asked, ...]]:
        return tube.participant_id, asking.about(self._asked, tube.sample_type)
