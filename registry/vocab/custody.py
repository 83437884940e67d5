"""Custody: acts on a sample, who can hold one, and the reasons people give."""

from enum import StrEnum


class ActKind(StrEnum):
    """One act in the chain of custody."""

    COLLECTED = "collected"
    RECEIVED = "received"
    CENTRIFUGED = "centrifuged"
    FROZEN = "frozen"
    ALIQUOTED = "aliquoted"
    DERIVED = "derived"
    PLACED = "placed"
    MOVED = "moved"
    CHECKED_OUT = "checked_out"
    RETURNED = "returned"
    CORRECTED = "corrected"


class HolderKind(StrEnum):
    """Exactly one of these holds a sample at any moment."""

    COLLECTION_SITE = "collection_site"
    BENCH = "bench"
    POSITION = "position"
    PERSON = "person"


class CheckoutReason(StrEnum):
    """Why an aliquot leaves its place."""

    ANALYSIS = "analysis"
    ALIQUOTING = "aliquoting"
    QUALITY_CONTROL = "quality_control"
    TRANSFER = "transfer"
    OTHER = "other"
