"""Identities: the traits of a person, how two agree, and what comes of it."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class Trait(StrEnum):
    """What the vault keeps of a person, sealed."""

    BIRTH_NAME = "birth_name"
    GIVEN_NAMES = "given_names"
    USED_NAME = "used_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    BIRTH_PLACE = "birth_place"
    POSTAL_CODE = "postal_code"
    TOWN = "town"
    USED_GIVEN_NAMES = "used_given_names"


#: Without one of these an identity is taken only with a hospital identifier, and is incomplete.
REQUIRED_TRAITS = (Trait.BIRTH_NAME, Trait.GIVEN_NAMES, Trait.BIRTH_DATE)


class Compared(StrEnum):
    """What is compared between two identities; the residence is postal code and town together."""

    BIRTH_NAME = "birth_name"
    GIVEN_NAMES = "given_names"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    BIRTH_PLACE = "birth_place"
    RESIDENCE = "residence"
    IDENTIFIER = "identifier"
    NATIONAL = "national"

    # Comparisons look fields and agreements up hundreds of thousands of times.
    __hash__ = str.__hash__


#: What the scores are made of; a national number in common is never weighed: somebody decides.
WEIGHED = tuple(field for field in Compared if field is not Compared.NATIONAL)


class Agreement(StrEnum):
    """How far two values of one field agree."""

    EXACT = "exact"
    PART = "part"
    PHONETIC = "phonetic"
    CLOSE = "close"
    SIMILAR = "similar"
    SWAPPED = "swapped"
    NEXT = "next"
    USED_NAME = "used_name"
    DIFFERENT = "different"
    MISSING = "missing"

    __hash__ = str.__hash__


class Verdict(StrEnum):
    """What a comparison says about two identities."""

    SAME = "same"
    REVIEW = "review"
    NEW = "new"


class EnrolmentOutcome(StrEnum):
    """What became of an identity that was handed in."""

    SAME = "same"
    REVIEW = "review"
    NEW = "new"
    ALREADY = "already"


class Standing(StrEnum):
    """Where a person stands in the vault."""

    ESTABLISHED = "established"
    TENTATIVE = "tentative"
    MERGED = "merged"
    ERASED = "erased"


class Distrust(StrEnum):
    """What of a record was found not to be the person's."""

    #: Somebody corrected them: they may be another person's.
    TRAITS = "traits"
    NUMBER = "number"


class ReviewOutcome(StrEnum):
    """What was decided about two identities that may be one person's."""

    OPEN = "open"
    LATER = "later"
    SAME = "same"
    DIFFERENT = "different"


class EstimateOutcome(StrEnum):
    """What became of an estimation of the weights."""

    ADOPTED = "adopted"
    TOO_FEW_PERSONS = "too_few_persons"
    TOO_FEW_PAIRS = "too_few_pairs"
    IMPLAUSIBLE = "implausible"
    STOPPED = "stopped"


LABELS: Labels = {
    Trait: {
        Trait.BIRTH_NAME: T("Birth name"),
        Trait.GIVEN_NAMES: T("Given names"),
        Trait.USED_NAME: T("Used name"),
        Trait.BIRTH_DATE: T("Birth date"),
        Trait.SEX: T("Sex"),
        Trait.BIRTH_PLACE: T("Birthplace"),
        Trait.POSTAL_CODE: T("Postal code"),
        Trait.TOWN: T("Town"),
        Trait.USED_GIVEN_NAMES: T("Used given name"),
    },
    Compared: {
        Compared.BIRTH_NAME: T("Birth name"),
        Compared.GIVEN_NAMES: T("Given names"),
        Compared.BIRTH_DATE: T("Birth date"),
        Compared.SEX: T("Sex"),
        Compared.BIRTH_PLACE: T("Birthplace"),
        Compared.RESIDENCE: T("Residence"),
        Compared.IDENTIFIER: T("Hospital identifier"),
        Compared.NATIONAL: T("National health number"),
    },
    Agreement: {
        Agreement.EXACT: T("Agrees"),
        Agreement.PART: T("Agrees in part"),
        Agreement.PHONETIC: T("Sounds the same"),
        Agreement.CLOSE: T("Nearly the same"),
        Agreement.SIMILAR: T("Resembles"),
        Agreement.SWAPPED: T("Exchanged"),
        Agreement.NEXT: T("Numbers in a row"),
        Agreement.USED_NAME: T("Agrees with the used name"),
        Agreement.DIFFERENT: T("Differs"),
        Agreement.MISSING: T("Not known"),
    },
    Verdict: {
        Verdict.SAME: T("Same person"),
        Verdict.REVIEW: T("Perhaps the same person"),
        Verdict.NEW: T("Another person"),
    },
    EnrolmentOutcome: {
        EnrolmentOutcome.SAME: T("Attached to a known person"),
        EnrolmentOutcome.REVIEW: T("To be reviewed"),
        EnrolmentOutcome.NEW: T("New person"),
        EnrolmentOutcome.ALREADY: T("Already known"),
    },
    Standing: {
        Standing.ESTABLISHED: T("Established"),
        Standing.TENTATIVE: T("To be confirmed"),
        Standing.MERGED: T("Merged into another person"),
        Standing.ERASED: T("Erased"),
    },
    Distrust: {
        Distrust.TRAITS: T("The identity was corrected"),
        Distrust.NUMBER: T("The hospital number is not theirs"),
    },
    ReviewOutcome: {
        ReviewOutcome.OPEN: T("To decide"),
        ReviewOutcome.LATER: T("Put off"),
        ReviewOutcome.SAME: T("Same person"),
        ReviewOutcome.DIFFERENT: T("Different persons"),
    },
    EstimateOutcome: {
        EstimateOutcome.ADOPTED: T("New weights are in use"),
        EstimateOutcome.TOO_FEW_PERSONS: T("Unchanged: too few persons are known"),
        EstimateOutcome.TOO_FEW_PAIRS: T("Unchanged: too few persons were received more than once"),
        EstimateOutcome.IMPLAUSIBLE: T("Unchanged: the estimate cannot be right"),
        EstimateOutcome.STOPPED: T("Unchanged: the estimation was stopped"),
    },
}
