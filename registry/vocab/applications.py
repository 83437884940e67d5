"""Access applications: states, acts, purposes, and the variables that can be asked for."""

from datetime import timedelta
from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab import limits


class State(StrEnum):
    """Where an application stands; the transitions are in ``applications.policies``."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    PRODUCED = "produced"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does to an application."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    PRODUCE = "produce"
    DELIVER = "deliver"
    RECALL = "recall"


#: The acts by which a request is decided.
DECISIONS = (Act.APPROVE, Act.REFUSE)


class Party(StrEnum):
    """As whom somebody acts on an application; nobody is requester and data manager of one."""

    REQUESTER = "requester"
    DATA_MANAGER = "data_manager"
    REGISTRY = "registry"


class Purpose(StrEnum):
    """What the extract is for; each needs the consent uses listed in ``applications.policies``."""

    ACADEMIC = "academic"
    COMMERCIAL = "commercial"
    GENETIC = "genetic"


class Variable(StrEnum):
    """A column that an extract can hold, already coarse enough to leave."""

    COHORT = "cohort"
    SEX = "sex"
    AGE_BAND = "age_band"
    DIAGNOSIS = "diagnosis"
    SAMPLE_TYPE = "sample_type"
    CONTAINER = "container"
    COLLECTION_YEAR = "collection_year"
    REMAINING_VOLUME = "remaining_volume"
    HOURS_TO_FREEZING = "hours_to_freezing"
    THAWS = "thaws"
    OUT_OF_STORE = "out_of_store"
    EXPOSURE = "exposure"
    SPREC_ELEMENTS = "sprec_elements"


#: What tells something about a variable too: whoever asks for the one asks for the other.
NEEDS = {Variable.SPREC_ELEMENTS: Variable.SAMPLE_TYPE}


class ThawBand(StrEnum):
    """How often a sample was thawed, its parents' thaws included; many times share one."""

    NEVER = "0"
    ONCE = "1"
    TWICE = "2"
    OFTEN = "3+"


def thaw_band(thaws: int) -> ThawBand:
    """The band of so many thaws."""
    return tuple(ThawBand)[min(thaws, len(ThawBand) - 1)]


class OutBand(StrEnum):
    """How long a sample was out of the store, all times together."""

    NONE = "none"
    UNDER_1_HOUR = "0-1h"
    UNDER_4_HOURS = "1-4h"
    UNDER_24_HOURS = "4-24h"
    LONGER = "24h+"


def out_band(lasted: timedelta) -> OutBand:
    """The band of so long; an hour itself is in the longer one."""
    if lasted <= timedelta(0):
        return OutBand.NONE
    bounds = {OutBand.UNDER_1_HOUR: 1, OutBand.UNDER_4_HOURS: 4, OutBand.UNDER_24_HOURS: 24}
    return next(
        (band for band, hours in bounds.items() if lasted < timedelta(hours=hours)), OutBand.LONGER
    )


class AgeBand(StrEnum):
    """The age in the year of inclusion, in bands; the oldest share one."""

    UNDER_10 = "0-9"
    FROM_10 = "10-19"
    FROM_20 = "20-29"
    FROM_30 = "30-39"
    FROM_40 = "40-49"
    FROM_50 = "50-59"
    FROM_60 = "60-69"
    FROM_70 = "70-79"
    FROM_80 = "80-89"
    FROM_90 = "90+"
    UNKNOWN = "unknown"


_BANDS = tuple(AgeBand)


def age_band(birth_year: int | None, in_year: int) -> AgeBand:
    """The band of somebody born in `birth_year`, in the year `in_year`."""
    if birth_year is None:
        return AgeBand.UNKNOWN
    age = min(max(in_year - birth_year, 0), limits.AGE_TOP_BAND_YEARS)
    return _BANDS[age // limits.AGE_BAND_YEARS]


LABELS: Labels = {
    State: {
        State.DRAFT: T("Draft"),
        State.SUBMITTED: T("Awaiting a decision"),
        State.APPROVED: T("Approved"),
        State.REFUSED: T("Refused"),
        State.PRODUCED: T("Extract ready"),
        State.DELIVERED: T("Extract downloaded"),
        State.WITHDRAWN: T("Withdrawn"),
    },
    Act: {
        Act.SUBMIT: T("Sent"),
        Act.APPROVE: T("Approved"),
        Act.REFUSE: T("Refused"),
        Act.WITHDRAW: T("Withdrawn"),
        Act.PRODUCE: T("Extract produced"),
        Act.DELIVER: T("Extract downloaded"),
        Act.RECALL: T("Extract recalled"),
    },
    Party: {
        Party.REQUESTER: T("The requester"),
        Party.DATA_MANAGER: T("A data manager other than the requester"),
        Party.REGISTRY: T("The registry, when a consent no longer allows the extract"),
    },
    Purpose: {
        Purpose.ACADEMIC: T("Academic research"),
        Purpose.COMMERCIAL: T("Research with a commercial partner"),
        Purpose.GENETIC: T("Genetic research"),
    },
    Variable: {
        Variable.COHORT: T("Cohort"),
        Variable.SEX: T("Sex"),
        Variable.AGE_BAND: T("Age band at inclusion"),
        Variable.DIAGNOSIS: T("Diagnosis"),
        Variable.SAMPLE_TYPE: T("Sample type"),
        Variable.CONTAINER: T("Primary container"),
        Variable.COLLECTION_YEAR: T("Year of collection"),
        Variable.REMAINING_VOLUME: T("Remaining quantity"),
        Variable.HOURS_TO_FREEZING: T("Hours from collection to freezing"),
        Variable.THAWS: T("Number of thaws"),
        Variable.OUT_OF_STORE: T("Time out of the store"),
        Variable.EXPOSURE: T("Exposure to a temperature out of the limits"),
        Variable.SPREC_ELEMENTS: T("SPREC: delays, centrifugations, ischaemia, storage"),
    },
    ThawBand: {
        ThawBand.NEVER: T("Never thawed"),
        ThawBand.ONCE: T("Thawed once"),
        ThawBand.TWICE: T("Thawed twice"),
        ThawBand.OFTEN: T("Thawed three times or more"),
    },
    OutBand: {
        OutBand.NONE: T("Never out of the store"),
        OutBand.UNDER_1_HOUR: T("Less than 1 hour"),
        OutBand.UNDER_4_HOURS: T("From 1 to 4 hours"),
        OutBand.UNDER_24_HOURS: T("From 4 to 24 hours"),
        OutBand.LONGER: T("24 hours or more"),
    },
    AgeBand: {
        **{
            band: T("{from_age} to {to_age}", from_age=first, to_age=last)
            for band in _BANDS[:9]
            for first, last in [band.value.split("-")]
        },
        AgeBand.FROM_90: T("{age} and over", age=limits.AGE_TOP_BAND_YEARS),
        AgeBand.UNKNOWN: T("Not known"),
    },
}
