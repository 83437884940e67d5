"""Consent: regimes, answers, the uses that are asked about, and what a decision can be."""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.messages import Labels, Message, T


class Language(StrEnum):
    """A language in which a form is written or explained."""

    FRENCH = "fr"
    ENGLISH = "en"


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


#: What an answer is called on a form of each regime.
ANSWER_LABELS: Mapping[Regime, Mapping[StrEnum, Message]] = {
    Regime.EXPRESS: {
        Answer.ACCEPTED: T("Accepted"),
        Answer.REFUSED: T("Declined"),
        Answer.NOT_ASKED: T("Not asked"),
        Answer.UNCLEAR: T("Unclear"),
    },
    Regime.NON_OPPOSITION: {
        Answer.ACCEPTED: T("Does not object"),
        Answer.REFUSED: T("Objects"),
        Answer.NOT_ASKED: T("Not asked"),
        Answer.UNCLEAR: T("Unclear"),
    },
}

LABELS: Labels = {
    Language: {
        Language.FRENCH: T("French"),
        Language.ENGLISH: T("English"),
    },
    Regime: {
        Regime.EXPRESS: T("Express consent"),
        Regime.NON_OPPOSITION: T("Information and non-opposition"),
    },
    TemplateStatus: {
        TemplateStatus.DRAFT: T("Draft"),
        TemplateStatus.FINAL: T("In use"),
        TemplateStatus.RETIRED: T("Retired"),
    },
    Answer: ANSWER_LABELS[Regime.EXPRESS],
    Use: {
        Use.COLLECT: T("Collect samples and data"),
        Use.STORE: T("Store samples"),
        Use.ACADEMIC_RESEARCH: T("Academic research"),
        Use.COMMERCIAL_RESEARCH: T("Research with a company"),
        Use.GENETICS: T("Genetic examination"),
        Use.OUTSIDE_EU: T("Transfer outside the European Union"),
        Use.RECONTACT: T("Contact again"),
    },
    Channel: {
        Channel.PAPER: T("Signed paper form"),
        Channel.LETTER: T("Letter"),
        Channel.TELEPHONE: T("Telephone"),
        Channel.EMAIL: T("E-mail"),
        Channel.IN_PERSON: T("Said in person"),
        Channel.IMPORT: T("Taken over from another system"),
    },
    WithdrawalScope: {
        WithdrawalScope.ALL: T("Everything"),
        WithdrawalScope.USES: T("Only some uses"),
    },
    Verdict: {
        Verdict.ALLOW: T("Allowed"),
        Verdict.DENY: T("Not allowed"),
        Verdict.HOLD: T("On hold"),
        Verdict.MANUAL: T("To be decided by a person"),
    },
}
