"""The vault's acts: what the rest of the registry may call."""

from registry.identity.arrivals import Arrival
from registry.identity.decisions.comparing import SideBySide, compare
from registry.identity.decisions.queries import (
    Decision,
    Merged,
    count_open,
    decided_reviews,
    history,
    interrupted_reviews,
    merge_behind,
    open_reviews,
    places_of,
)
from registry.identity.decisions.seen import decide_seen, revise_seen
from registry.identity.decisions.service import decide_review, finish, revise
from registry.identity.decisions.undoing import undo_merge
from registry.identity.discretion import Number
from registry.identity.enrolment import Enrolment, enrol, enrol_many
from registry.identity.reveal import Identity, reveal
from registry.identity.reviews import Review, get_review
from registry.identity.search import Found, look_alikes, search
from registry.identity.settling import settle
from registry.identity.weights.beforehand import learn_from

__all__ = [
    "Arrival",
    "Decision",
    "Enrolment",
    "Found",
    "Identity",
    "Merged",
    "Number",
    "Review",
    "SideBySide",
    "compare",
    "count_open",
    "decide_review",
    "decide_seen",
    "decided_reviews",
    "enrol",
    "enrol_many",
    "finish",
    "get_review",
    "history",
    "interrupted_reviews",
    "learn_from",
    "look_alikes",
    "merge_behind",
    "open_reviews",
    "places_of",
    "reveal",
    "revise",
    "revise_seen",
    "search",
    "settle",
    "undo_merge",
]
