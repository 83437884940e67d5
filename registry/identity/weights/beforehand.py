"""Learning the weights from the rows of a first import, before any of them is judged.

A registry that knows nobody has nothing to estimate from, and with the start
values would ask about every row of its first file that is not quite clear.
That file is the population: how its rows agree with each other is counted like
the agreements of known identities, in memory, and forgotten.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from registry.access import Permission, require
from registry.identity.arrivals import Arrival
from registry.identity.likeness import Likeness
from registry.identity.weighing import START
from registry.identity.weights import estimation
from registry.identity.weights.estimation import Counts
from registry.identity.weights.gathering import count_strangers, pattern
from registry.identity.weights.queries import current
from registry.identity.weights.service import Estimated, judge, keep, new_version
from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.vocab import limits
from registry.vocab.identity import EstimateOutcome


@transactional
def learn_from(actor: Actor, arrivals: Iterable[Arrival]) -> Estimated | None:
    """Estimate the weights from what is about to come, where nothing was learnt before.

    None, and nothing is recorded, when these rows teach nothing: weights were
    estimated already, or the rows are too few, or the estimate cannot be right.

    :raises NotPermitted: the actor may not.
    """
    require(actor, Permission.IDENTITY_WEIGHTS)
    if current().version != START.version:
        return None
    # Rows that say the very same are one record, as they will be in the vault.
    coming = list(
        dict.fromkeys(Likeness.of(one.traits, one.hospital_identifier) for one in arrivals)
    )
    if len(coming) < limits.WEIGHTS_PERSONS_MIN:
        return None
    found = estimation.estimate(_counted(coming), START, version=new_version())
    persons = round(len(coming) * (1 - found.weights.duplicates))
    return keep(actor, found, persons) if judge(found, persons) is EstimateOutcome.ADOPTED else None


def _counted(coming: Sequence[Likeness]) -> Counts:
    """How those agree that share a blind index, and random pairs."""
    counts = Counts()
    sharing: dict[object, list[int]] = defaultdict(list)
    keys = [set(likeness.blocking_keys()) for likeness in coming]
    for number, mine in enumerate(keys):
        for key in mine:
            sharing[key].append(number)
    for number, mine in enumerate(keys):
        others = set[int]().union(*(sharing[key] for key in mine)) - {number}
        nearest = sorted(others)[: limits.IDENTITY_CANDIDATES_MAX]
        patterns = [pattern(coming[number], coming[other]) for other in nearest]
        counts.candidates.update(patterns)
        counts.of_records.append(patterns)
    count_strangers(list(enumerate(coming)), counts, pairs=limits.WEIGHTS_COMING_PAIRS)
    return counts
