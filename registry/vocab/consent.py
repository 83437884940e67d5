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


class ItemState(StrEnum):
    """Where a participant stands on an item of the forms."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    OPEN = "open"
    WITHDRAWN = "withdrawn"


class Use(StrEnum):
    """A use that a sample or a datum is put to; each consent item covers one or more."""

    COLLECT = "collect"
    STORE = "store"
    ACADEMIC_RESEARCH = "academic_research"
    COMMERCIAL_RESEARCH = "commercial_research"
    GENETICS = "genetics"
    OUTSIDE_EU = "outside_eu"
    RECONTACT = "recontact"
    SHARE = "share"
    LINKAGE = "linkage"
    INCIDENTAL_FINDINGS = "incidental_findings"


class Channel(StrEnum):
    """How an answer or a withdrawal reached the registry."""

    PAPER = "paper"
    LETTER = "letter"
    TELEPHONE = "telephone"
    EMAIL = "email"
    IN_PERSON = "in_person"
    IMPORT = "import"
    SCREEN = "screen"
    ONLINE = "online"


class Audience(StrEnum):
    """For whom a form is written; the others have a form of their own."""

    ADULT = "adult"
    MINOR = "minor"
    PROTECTED_ADULT = "protected_adult"


class ChangeRule(StrEnum):
    """What a new version asks of those who signed an older one."""

    NOTHING = "nothing"
    INFORM = "inform"
    RECONSENT = "reconsent"


class SignatoryRole(StrEnum):
    """As whom somebody signs; nobody's name is kept here."""

    SELF = "self"
    PARENT = "parent"
    SECOND_PARENT = "second_parent"
    GUARDIAN = "guardian"
    MANDATE = "mandate"
    TRUSTED_PERSON = "trusted_person"
    WITNESS = "witness"


class Stance(StrEnum):
    """On which side a signatory stands."""

    AGREES = "agrees"
    OPPOSES = "opposes"
    #: Was asked and cannot express it: a small child, or somebody too ill.
    UNABLE = "unable"


class ProofKind(StrEnum):
    """What proves that a form was signed."""

    SCAN = "scan"
    SCREEN = "screen"


class ProofState(StrEnum):
    """Whether it is on record that a form was signed."""

    NOT_ASKED = "not_asked"
    DUE = "due"
    MISSING = "missing"
    ATTACHED = "attached"
    DESTROYED = "destroyed"


class ProofReason(StrEnum):
    """Why somebody needs to see the scan of a signed form."""

    QUALITY_CONTROL = "quality_control"
    REQUEST = "request"
    DOUBT = "doubt"
    INSPECTION = "inspection"


class CheckOutcome(StrEnum):
    """What a second person found when they compared a record with its proof."""

    PASSED = "passed"
    FAILED = "failed"


class WithdrawalScope(StrEnum):
    """What a withdrawal is about."""

    ALL = "all"
    USES = "uses"
    ITEMS = "items"
    PROJECTS = "projects"


class WithdrawalEffect(StrEnum):
    """What the person asked to be done."""

    NO_CONTACT = "no_contact"
    STOP_COLLECTION = "stop_collection"
    STOP_USE = "stop_use"
    DESTROY_SAMPLES = "destroy_samples"
    ERASE_DATA = "erase_data"


class Consenting(StrEnum):
    """On which side of the decision a list is to be."""

    ALLOWS = "allows"
    DOES_NOT = "does_not"


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
    ItemState: {
        ItemState.ACCEPTED: T("Agreed"),
        ItemState.REFUSED: T("Refused"),
        ItemState.OPEN: T("Not asked or unclear"),
        ItemState.WITHDRAWN: T("Taken back"),
    },
    Use: {
        Use.COLLECT: T("Collect samples and data"),
        Use.STORE: T("Store samples"),
        Use.ACADEMIC_RESEARCH: T("Academic research"),
        Use.COMMERCIAL_RESEARCH: T("Research with a company"),
        Use.GENETICS: T("Genetic examination"),
        Use.OUTSIDE_EU: T("Transfer outside the European Union"),
        Use.RECONTACT: T("Contact again"),
        Use.SHARE: T("Hand over to another organisation"),
        Use.LINKAGE: T("Link with other data"),
        Use.INCIDENTAL_FINDINGS: T("Tell findings that matter for health"),
    },
    Channel: {
        Channel.PAPER: T("Signed paper form"),
        Channel.LETTER: T("Letter"),
        Channel.TELEPHONE: T("Telephone"),
        Channel.EMAIL: T("E-mail"),
        Channel.IN_PERSON: T("Said in person"),
        Channel.IMPORT: T("Taken over from another system"),
        Channel.SCREEN: T("Signed on the screen"),
        Channel.ONLINE: T("Participant’s own page"),
    },
    Audience: {
        Audience.ADULT: T("Adults"),
        Audience.MINOR: T("Minors"),
        Audience.PROTECTED_ADULT: T("Protected adults"),
    },
    ChangeRule: {
        ChangeRule.NOTHING: T("Nothing"),
        ChangeRule.INFORM: T("Inform them"),
        ChangeRule.RECONSENT: T("Ask for consent again"),
    },
    SignatoryRole: {
        SignatoryRole.SELF: T("The participant"),
        SignatoryRole.PARENT: T("A parent"),
        SignatoryRole.SECOND_PARENT: T("The other parent"),
        SignatoryRole.GUARDIAN: T("Guardian"),
        SignatoryRole.MANDATE: T("Holder of a mandate of protection"),
        SignatoryRole.TRUSTED_PERSON: T("Trusted person"),
        SignatoryRole.WITNESS: T("Witness"),
    },
    Stance: {
        Stance.AGREES: T("Agrees"),
        Stance.OPPOSES: T("Opposes"),
        Stance.UNABLE: T("Cannot express it"),
    },
    ProofKind: {
        ProofKind.SCAN: T("Scan or photo of the paper"),
        ProofKind.SCREEN: T("Signed on the screen"),
    },
    ProofState: {
        ProofState.NOT_ASKED: T("No scan is asked"),
        ProofState.DUE: T("Scan due"),
        ProofState.MISSING: T("Scan missing"),
        ProofState.ATTACHED: T("Attached"),
        ProofState.DESTROYED: T("Destroyed with the identity"),
    },
    ProofReason: {
        ProofReason.QUALITY_CONTROL: T("To compare the record with it"),
        ProofReason.REQUEST: T("The participant asks for it"),
        ProofReason.DOUBT: T("There is a doubt about what was signed"),
        ProofReason.INSPECTION: T("For an inspection or an audit"),
    },
    CheckOutcome: {
        CheckOutcome.PASSED: T("In order"),
        CheckOutcome.FAILED: T("Not in order"),
    },
    WithdrawalScope: {
        WithdrawalScope.ALL: T("Everything"),
        WithdrawalScope.USES: T("Only some uses"),
        WithdrawalScope.ITEMS: T("Only some questions of the form"),
        WithdrawalScope.PROJECTS: T("Only some projects"),
    },
    WithdrawalEffect: {
        WithdrawalEffect.NO_CONTACT: T("No further contact"),
        WithdrawalEffect.STOP_COLLECTION: T("Nothing more is collected"),
        WithdrawalEffect.STOP_USE: T("What is there is no longer used"),
        WithdrawalEffect.DESTROY_SAMPLES: T("The samples are destroyed"),
        WithdrawalEffect.ERASE_DATA: T("The identity is erased"),
    },
    Consenting: {
        Consenting.ALLOWS: T("Consents to it"),
        Consenting.DOES_NOT: T("Does not consent to it"),
    },
    Verdict: {
        Verdict.ALLOW: T("Allowed"),
        Verdict.DENY: T("Not allowed"),
        Verdict.HOLD: T("On hold"),
        Verdict.MANUAL: T("To be decided by a person"),
    },
}
