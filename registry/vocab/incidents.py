"""Quality incidents: what can go wrong with samples, and what is decided of each."""

from enum import StrEnum

from registry.kernel.messages import Labels, T

#: The letter of the codes of incidents, from "non-conformity"; tubes have another.
LETTER = "N"


class IncidentKind(StrEnum):
    """What went wrong."""

    MISLABELLED = "mislabelled"
    HAEMOLYSED = "haemolysed"
    TEMPERATURE = "temperature"
    DELAYED = "delayed"
    DAMAGED = "damaged"
    CONTAMINATED = "contaminated"
    OTHER = "other"


class Verdict(StrEnum):
    """What is decided of a sample that an incident concerns."""

    FIT = "fit"
    LIMITED = "limited"
    UNFIT = "unfit"


class IncidentState(StrEnum):
    """How far an incident has come."""

    #: Some of its samples wait for a decision.
    OPEN = "open"
    #: Each sample is decided; what is done against its cause is still to be said.
    DECIDED = "decided"
    CLOSED = "closed"


class IncidentAct(StrEnum):
    """What is done to an incident."""

    ADD = "add"
    DECIDE = "decide"
    CLOSE = "close"


LABELS: Labels = {
    IncidentKind: {
        IncidentKind.MISLABELLED: T("Wrong label, or mixed up"),
        IncidentKind.HAEMOLYSED: T("Haemolysed, or spoilt in another way that one sees"),
        IncidentKind.TEMPERATURE: T("Too warm, or thawed by accident"),
        IncidentKind.DELAYED: T("Processed too late"),
        IncidentKind.DAMAGED: T("Broken or leaking"),
        IncidentKind.CONTAMINATED: T("Contaminated"),
        IncidentKind.OTHER: T("Something else, said below"),
    },
    Verdict: {
        Verdict.FIT: T("Fit for use: it leaves the quarantine"),
        Verdict.LIMITED: T("May be used with this remark: it leaves the quarantine"),
        Verdict.UNFIT: T("Fit for nothing: it is thrown away"),
    },
    IncidentState: {
        IncidentState.OPEN: T("Samples to decide"),
        IncidentState.DECIDED: T("To close"),
        IncidentState.CLOSED: T("Incident closed"),
    },
    IncidentAct: {
        IncidentAct.ADD: T("Add samples"),
        IncidentAct.DECIDE: T("Decide"),
        IncidentAct.CLOSE: T("Close the incident"),
    },
}
