"""Access applications: their states, purposes and the variables that can be asked for."""

from enum import StrEnum


class State(StrEnum):
    """Where an application stands; the transitions are in ``applications.policies``."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    PRODUCED = "produced"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


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
