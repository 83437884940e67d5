"""Background work: what there is to do, where it stands, and why it did not end well."""

from enum import StrEnum

from registry.kernel.messages import Labels, Message, T


class TaskKind(StrEnum):
    """Work that takes longer than a page may."""

    REMATCH = "rematch"
    ESTIMATE_WEIGHTS = "estimate_weights"
    REWRAP_KEYS = "rewrap_keys"
    REINDEX = "reindex"
    CLEAN_ERASED = "clean_erased"
    REFRESH_CONSENTS = "refresh_consents"


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: In these, a task of the same kind is not made again.
UNDER_WAY = (TaskState.WAITING, TaskState.RUNNING)


class TaskFailure(StrEnum):
    """Why a task could not be carried out."""

    VAULT_CLOSED = "vault_closed"
    REFUSED = "refused"
    DEFECT = "defect"
    GAVE_UP = "gave_up"


#: What each kind of work does, for whoever may ask for it.
PURPOSES: dict[TaskKind, Message] = {
    TaskKind.REMATCH: T(
        "Compares everybody with everybody who resembles them, and puts new doubtful pairs into "
        "the review list. Nobody is merged by it."
    ),
    TaskKind.ESTIMATE_WEIGHTS: T(
        "Learns from the registry’s own population how much each agreement between two "
        "identities is worth."
    ),
    TaskKind.REWRAP_KEYS: T(
        "Wraps every person’s key under the active key, so that an older one can be retired."
    ),
    TaskKind.REINDEX: T(
        "Writes every blind index under the active index key, so that an older one can be retired."
    ),
    TaskKind.CLEAN_ERASED: T(
        "Overwrites what erased identities have left in the database’s free pages."
    ),
    TaskKind.REFRESH_CONSENTS: T(
        "Decides again about everybody whose consent changes with the day, for the counts."
    ),
}

LABELS: Labels = {
    TaskKind: {
        TaskKind.REMATCH: T("Match the whole registry again"),
        TaskKind.ESTIMATE_WEIGHTS: T("Estimate the matching weights"),
        TaskKind.REWRAP_KEYS: T("Wrap the persons’ keys again"),
        TaskKind.REINDEX: T("Write the blind indexes again"),
        TaskKind.CLEAN_ERASED: T("Clean the pages of erased identities"),
        TaskKind.REFRESH_CONSENTS: T("Bring the consents up to the day"),
    },
    TaskState: {
        TaskState.WAITING: T("Waiting"),
        TaskState.RUNNING: T("Running"),
        TaskState.DONE: T("Done"),
        TaskState.FAILED: T("Failed"),
        TaskState.CANCELLED: T("Cancelled"),
    },
    TaskFailure: {
        TaskFailure.VAULT_CLOSED: T("The identity vault was closed: its key was missing or wrong."),
        TaskFailure.REFUSED: T("The registry refused it. The log says more."),
        TaskFailure.DEFECT: T("Something went wrong on our side. The log says more."),
        TaskFailure.GAVE_UP: T("It was begun several times and never got further."),
    },
}
