"""The vocabularies that an administrator adapts: terms of the place refine those of the rules."""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.custody import CheckoutReason, DisposalReason
from registry.vocab.samples import SampleCondition


class Vocabulary(StrEnum):
    """A choice to which an administrator adds terms, and of which some are no longer offered."""

    CHECKOUT_REASON = "checkout_reason"
    DISPOSAL_REASON = "disposal_reason"
    CONDITION = "condition"


#: The terms of each vocabulary that the rules know; every other one refines one of them.
MEMBERS: Mapping[Vocabulary, type[StrEnum]] = {
    Vocabulary.CHECKOUT_REASON: CheckoutReason,
    Vocabulary.DISPOSAL_REASON: DisposalReason,
    Vocabulary.CONDITION: SampleCondition,
}

#: Between a term of the rules and the one that refines it, where a form names both.
BETWEEN = ":"

LABELS: Labels = {
    Vocabulary: {
        Vocabulary.CHECKOUT_REASON: T("Reasons to take a tube out or use it"),
        Vocabulary.DISPOSAL_REASON: T("Reasons to throw a tube away"),
        Vocabulary.CONDITION: T("Conditions in which tubes arrive"),
    },
}
