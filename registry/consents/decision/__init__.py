"""The one function that says whether a use is allowed; it fails closed.

Every use of a sample or a datum asks here, at that moment.
"""

from registry.consents.decision.deciding import (
    UNDECIDED,
    Decision,
    decide,
    decide_many,
    decide_uses,
    judge,
    preview,
    refusal,
    require_allowed,
)

__all__ = [
    "UNDECIDED",
    "Decision",
    "decide",
    "decide_many",
    "decide_uses",
    "judge",
    "preview",
    "refusal",
    "require_allowed",
]
