"""Consent: regimes, answers, the uses that are asked about, and what a decision can be."""

from enum import StrEnum


class Regime(StrEnum):
    """On what a template's answers rest."""

    EXPRESS = "express"
    NON_OPPOSITION = "non_opposition"


class TemplateStatus(StrEnum):
    DRAFT = "draft"
    FINAL = "final"
    RETIRED = "retired"


class Answer(StrEnum):
    """What the participant said to one item; anything but ACCEPTED allows nothing."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_ASKED = "not_asked"
    UNCLEAR = "unclear"


class Use(StrEnum):
    """A use that a sample or a datum is put to; each consent item covers one or more."""

    COLLECT = "collect"
    STORE = "store"
    ACADEMIC_RESEARCH = "academic_research"
    COMMERCIAL_RESEARCH = "commercial_research"
    GENETICS = "genetics"
    OUTSIDE_EU = "outside_eu"
    RECONTACT = "recontact"


class Channel(StrEnum):
    """How an answer or a withdrawal reached the registry."""

    PAPER = "paper"
    LETTER = "letter"
    TELEPHONE = "telephone"
    EMAIL = "email"
    IN_PERSON = "in_person"
    IMPORT = "import"


class WithdrawalScope(StrEnum):
    ALL = "all"
    USES = "uses"


class Verdict(StrEnum):
    """The answer of the decision; everything that is not ALLOW stops the use."""

    ALLOW = "allow"
    DENY = "deny"
    HOLD = "hold"
    MANUAL = "manual"
