"""Deciding about two identities that may be one person's: on what ground, how likely, how."""

from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.identity import ReviewOutcome

#: The outcomes of a question that waits for an answer.
WAITING = (ReviewOutcome.OPEN, ReviewOutcome.LATER)

#: From which logarithm of the odds on one speaks of likely (1 to 1) and very likely (99 to 1).
LIKELY_BITS = 0.0
VERY_LIKELY_BITS = 6.63


class DecisionKind(StrEnum):
    """How a decision about two identities came about."""

    DECIDED = "decided"
    ANSWERED = "answered"
    UNDONE = "undone"
    REVISED = "revised"


class Likelihood(StrEnum):
    """How likely two identities are one person's, in words."""

    VERY_LIKELY = "very_likely"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Ground(StrEnum):
    """Why it is asked whether two identities are one person's."""

    NUMBER = "number"
    TRAITS = "traits"


LABELS: Labels = {
    DecisionKind: {
        DecisionKind.DECIDED: T("Decided"),
        DecisionKind.ANSWERED: T("Answered by another decision"),
        DecisionKind.UNDONE: T("Merge undone"),
        DecisionKind.REVISED: T("Revised by the identity officer"),
    },
    Likelihood: {
        Likelihood.VERY_LIKELY: T("Very likely"),
        Likelihood.LIKELY: T("Likely"),
        Likelihood.POSSIBLE: T("Possible"),
    },
    Ground: {
        Ground.NUMBER: T("Same hospital identifier"),
        Ground.TRAITS: T("Resembling traits"),
    },
}
