"""Nothing more is written down about who withdrew from it.

`registry.wiring` connects this to `DataCollected`, which this area's lower
neighbour publishes before it writes.
"""

from registry.consents import decision
from registry.kernel.errors import RuleBroken
from registry.participants.events import DataCollected
from registry.vocab.consent import Use


def on_data_collected(event: DataCollected) -> None:
    """Refuse what was seen or drawn on a day on which a withdrawal from collection stood.

    Without any consent yet a visit is recorded: it is the one at which it is asked.

    :raises RuleBroken: see above.
    """
    found = decision.decide(event.participant_id, Use.COLLECT, event.on)
    if found.is_withdrawn or found.rule == decision.UNDECIDED:
        raise RuleBroken(decision.refusal(Use.COLLECT, found))
