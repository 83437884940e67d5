"""What the participant's consent is asked before a tube is used: by the reason, and by what it is.

DNA is examined for what is in the genes, whatever else it is taken out for: who
did not consent to genetic examination keeps it here (Code civil, art. 16-10).
"""

from collections.abc import Mapping
from dataclasses import replace

from registry.consents import decision
from registry.consents.decision import Asked, Study
from registry.kernel import clock
from registry.samples.models import Sample
from registry.vocab.consent import Use
from registry.vocab.custody import CheckoutReason
from registry.vocab.samples import SampleType

#: The use that each reason for taking a sample out is asked of the consent as.  A reason that
#: only the comment names is asked as the most it could be: what is not known allows nothing more.
USE_OF: Mapping[CheckoutReason, Use] = {
    CheckoutReason.ANALYSIS: Use.ACADEMIC_RESEARCH,
    CheckoutReason.ALIQUOTING: Use.STORE,
    CheckoutReason.QUALITY_CONTROL: Use.STORE,
    CheckoutReason.TRANSFER: Use.SHARE,
    CheckoutReason.OTHER: Use.ACADEMIC_RESEARCH,
}

#: What holds the genes themselves and little else.
_GENETIC = frozenset({SampleType.DNA})


def about(asked: Asked, sample_type: SampleType) -> tuple[Asked, ...]:
    """All that has to be allowed for a tube of this type to be used so.

    Keeping a tube, dividing it and checking its quality ask no more of DNA than
    of any other: they tell nothing of the participant's genes.
    """
    if asked is Use.STORE or sample_type not in _GENETIC:
        return (asked,)
    if isinstance(asked, Study):
        return (replace(asked, genetics=True),)
    return (asked, Use.GENETICS)


def is_allowed(participant_id: int, asked: Asked, sample_type: SampleType) -> bool:
    """Whether the participant's consent allows it today."""
    today = clock.today()
    return all(
        decision.decide(participant_id, one, today).is_allowed for one in about(asked, sample_type)
    )


def require_reason(sample: Sample, reason: CheckoutReason) -> None:
    """Refuse to take the sample for what its participant did not consent to, until the commit.

    :raises RuleBroken: the sentence says which use and why.
    """
    decision.require_allowed(
        sample.participant_id, *about(USE_OF[reason], sample.sample_type), on=clock.today()
    )
