"""The vocabularies that an administrator adapts: terms of the place refine those of the rules."""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.custody import CheckoutReason, DisposalReason
from registry.vocab.incidents import IncidentKind
from registry.vocab.plans import Shortfall
from registry.vocab.samples import ContainerType, SampleCondition, SampleType, Unit


class Vocabulary(StrEnum):
    """A choice to which an administrator adds terms, and of which some are no longer offered."""

    CHECKOUT_REASON = "checkout_reason"
    DISPOSAL_REASON = "disposal_reason"
    CONDITION = "condition"
    INCIDENT_KIND = "incident_kind"
    SHORTFALL = "shortfall"
    SAMPLE_TYPE = "sample_type"
    CONTAINER_TYPE = "container_type"
    UNIT = "unit"


#: The terms of each vocabulary that the rules know; every other one refines one of them.
MEMBERS: Mapping[Vocabulary, type[StrEnum]] = {
    Vocabulary.CHECKOUT_REASON: CheckoutReason,
    Vocabulary.DISPOSAL_REASON: DisposalReason,
    Vocabulary.CONDITION: SampleCondition,
    Vocabulary.INCIDENT_KIND: IncidentKind,
    Vocabulary.SHORTFALL: Shortfall,
    Vocabulary.SAMPLE_TYPE: SampleType,
    Vocabulary.CONTAINER_TYPE: ContainerType,
    Vocabulary.UNIT: Unit,
}

#: Of these a term is only offered or not: no quantity in another unit could be converted.
SETTLED = frozenset({Vocabulary.UNIT})

#: Whose codes the values of the rules are, where they are a standard's.
STANDARDS: Mapping[Vocabulary, str] = {
    Vocabulary.SAMPLE_TYPE: "SPREC 2.0, MIABIS",
    Vocabulary.CONTAINER_TYPE: "SPREC 2.0",
    Vocabulary.UNIT: "UCUM",
}

#: Between a term of the rules and the one that refines it, where a form names both.
BETWEEN = ":"

LABELS: Labels = {
    Vocabulary: {
        Vocabulary.CHECKOUT_REASON: T("Reasons to take a tube out or use it"),
        Vocabulary.DISPOSAL_REASON: T("Reasons to throw a tube away"),
        Vocabulary.CONDITION: T("Conditions in which tubes arrive"),
        Vocabulary.INCIDENT_KIND: T("What goes wrong, and brings into quarantine"),
        Vocabulary.SHORTFALL: T("Reasons of loss: why less was made than planned"),
        Vocabulary.SAMPLE_TYPE: T("Types of samples"),
        Vocabulary.CONTAINER_TYPE: T("Containers"),
        Vocabulary.UNIT: T("Units"),
    },
}
