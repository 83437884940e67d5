"""Estimating the weights anew."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from registry import audit
from registry.access import Permission, require
from registry.identity.weighing import START, Weights
from registry.identity.weights import estimation
from registry.identity.weights.estimation import Estimate
from registry.identity.weights.gathering import gather
from registry.identity.weights.models import MatchWeights
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Agreement, Compared, EstimateOutcome

#: Most records of one person agree in these; where an estimate says otherwise, it took
#: relatives for one person.
_MOSTLY_AGREE = (
    Compared.BIRTH_NAME,
    Compared.GIVEN_NAMES,
    Compared.BIRTH_DATE,
    Compared.IDENTIFIER,
)
_MOSTLY = 0.5
_ROUNDING = 1e-6
_SUFFIX_BYTES = 3


@dataclass(frozen=True)
class Estimated:
    """What became of an estimation."""

    outcome: EstimateOutcome
    #: The version now in use, when it is a new one.
    version: str | None
    population: int
    #: How many pairs of records were judged to be one person's.
    pairs: int


def estimate(
    actor: Actor,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Estimated:
    """Estimate the weights from everybody who is known, and use them from now on.

    The version before stays when too few are known, when the estimate cannot
    be right, or when it was to stop; all but the last is recorded.

    :raises NotPermitted: the actor may not.
    :raises Unavailable: the vault is closed.
    """
    _ask_leave(actor)
    population, counts = gather(progress, should_stop)
    if counts is None:
        return Estimated(EstimateOutcome.STOPPED, None, population, 0)
    return keep(actor, estimation.estimate(counts, START, version=new_version()), population)


def new_version() -> str:
    """What the next version is called."""
    return f"{clock.today():%Y-%m-%d}-{secrets.token_hex(_SUFFIX_BYTES)}"


@transactional
def _ask_leave(actor: Actor) -> None:
    require(actor, Permission.IDENTITY_WEIGHTS)


@transactional
def keep(actor: Actor, found: Estimate, population: int) -> Estimated:
    """Record what was found, and use it when it can be right."""
    require(actor, Permission.IDENTITY_WEIGHTS)
    pairs = round(found.pairs)
    outcome = judge(found, population)
    adopted = outcome is EstimateOutcome.ADOPTED
    if adopted:
        vault_session.add(as_row(found.weights, population, pairs))
    audit.record(
        actor,
        AuditTag.WEIGHTS_ESTIMATED,
        f"match_weights:{found.weights.version if adopted else 'unchanged'}",
        outcome=outcome,
        population=population,
        pairs=pairs,
        rounds=found.rounds,
    )
    return Estimated(outcome, found.weights.version if adopted else None, population, pairs)


def judge(found: Estimate, population: int) -> EstimateOutcome:
    """Whether an estimate may be used."""
    if population < limits.WEIGHTS_PERSONS_MIN:
        return EstimateOutcome.TOO_FEW_PERSONS
    if found.pairs < limits.WEIGHTS_PAIRS_MIN:
        return EstimateOutcome.TOO_FEW_PAIRS
    return EstimateOutcome.ADOPTED if is_plausible(found.weights) else EstimateOutcome.IMPLAUSIBLE


def is_plausible(weights: Weights) -> bool:
    """Whether agreeing speaks for one person, differing against, and most records agree."""
    return all(_speaks(weights, which) for which in weights.chances) and all(
        weights.chances[which][Agreement.EXACT][0] >= _MOSTLY for which in _MOSTLY_AGREE
    )


def _speaks(weights: Weights, which: Compared) -> bool:
    bits = [weights.of(which, level) for level in weights.chances[which]]
    exact, different = weights.of(which, Agreement.EXACT), weights.of(which, Agreement.DIFFERENT)
    return exact > max(0.0, max(bits) - _ROUNDING) and different < min(0.0, min(bits) + _ROUNDING)


def as_row(weights: Weights, population: int, pairs: int) -> MatchWeights:
    """The version as it is kept."""
    return MatchWeights(
        version=weights.version,
        made_at=clock.now(),
        chances={
            which.value: {level.value: (m, u) for level, (m, u) in chances.items()}
            for which, chances in weights.chances.items()
        },
        shares={
            "exchanged": weights.exchanged,
            "used_instead": weights.used_instead,
            "duplicates": weights.duplicates,
            "twins": weights.twins,
        },
        population=population,
        pairs=pairs,
    )
