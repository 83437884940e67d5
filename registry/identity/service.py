"""The vault's acts: what the rest of the registry may call."""

from registry.identity.decisions import decide_review
from registry.identity.discretion import Number
from registry.identity.enrolment import Enrolment, enrol
from registry.identity.reveal import Identity, reveal
from registry.identity.reviews import (
    Review,
    SideBySide,
    compare,
    get_review,
    open_reviews,
)
from registry.identity.search import Found, look_alikes, search
from registry.identity.settling import settle

__all__ = [
    "Enrolment",
    "Found",
    "Identity",
    "Number",
    "Review",
    "SideBySide",
    "compare",
    "decide_review",
    "enrol",
    "get_review",
    "look_alikes",
    "open_reviews",
    "reveal",
    "search",
    "settle",
]
