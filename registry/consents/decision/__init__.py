"""The one function that says whether a use is allowed; it fails closed.

Every use of a sample or a datum asks here, at that moment.
"""

from registry.consents.decision.deciding import (
    UNDECIDED,
    Decision,
    Obligation,
    decide,
    decide_each,
    decide_many,
    decide_uses,
    judge,
    preview,
    questions,
    refusal,
    require_allowed,
    worst,
)
from registry.consents.decision.study import Asked, Study, uses_of

__all__ = [
    "UNDECIDED",
    "Asked",
    "Decision",
    "Obligation",
    "Study",
    "decide",
    "decide_each",
    "decide_many",
    "decide_uses",
    "judge",
    "preview",
    "questions",
    "refusal",
    "require_allowed",
    "uses_of",
    "worst",
]
