"""Where each kind of duty is done, by whom, what happens when it is not, and how many wait."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, url_for

from registry.access import Permission, allows
from registry.consents.duties import queries
from registry.consents.duties.queries import Duty
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.vocab.duties import DutyKind, Horizon
from registry.web import guards


@dataclass(frozen=True)
class Place:
    """The page on which a duty is done, what one does there, and what it is about."""

    verb: Message
    permission: Permission
    endpoint: str
    meaning: Message
    #: What the page is asked about besides the participant's code: the row that the duty names.
    row: str | None = None
    #: Under which name the page takes the participant's code; None when it takes none.
    code: str | None = "code"


_ASK, _ASK_PAGE = T("Record a signed form"), "consents.new"

PLACES: Mapping[DutyKind, Place] = {
    DutyKind.NO_CONSENT: Place(
        _ASK,
        Permission.CONSENT_RECORD,
        _ASK_PAGE,
        T("They were included on that day, and no form is on record: nothing is allowed."),
    ),
    DutyKind.SCAN: Place(
        T("Attach the scan"),
        Permission.CONSENT_RECORD,
        "proofs.attach",
        T("From the day after, the form allows nothing until its scan is there."),
        row="consent_id",
    ),
    DutyKind.CHECK: Place(
        T("Check with the scan"),
        Permission.CONSENT_PROOF_READ,
        "proofs.look",
        T("A second person compares what was recorded with the scan, not who recorded it."),
        row="consent_id",
    ),
    DutyKind.CHECK_FAILED: Place(
        T("Correct the record"),
        Permission.CONSENT_RECORD,
        "consents.correct",
        T("The record is not what was signed: the form allows nothing until it is put right."),
        row="consent_id",
    ),
    DutyKind.RECONSENT: Place(
        _ASK,
        Permission.CONSENT_RECORD,
        _ASK_PAGE,
        T("From the day after, the older version allows nothing: have the newer one signed."),
    ),
    DutyKind.INFORM: Place(
        T("Record that they were told"),
        Permission.CONSENT_INFORM,
        "informing.inform",
        T("Nothing stops, but they have a right to know what the newer version says."),
        code="participant",
    ),
    DutyKind.VALIDITY: Place(
        _ASK,
        Permission.CONSENT_RECORD,
        _ASK_PAGE,
        T("From the day after, what was agreed to no longer holds."),
    ),
    DutyKind.FIFTEEN: Place(
        T("Record that they were told"),
        Permission.CONSENT_INFORM,
        "informing.inform",
        T("In that month they reach 15: inform them in person. Nothing stops meanwhile."),
        code="participant",
    ),
    DutyKind.MAJORITY: Place(
        _ASK,
        Permission.CONSENT_RECORD,
        _ASK_PAGE,
        T("In that month they come of age: after a short grace, uses wait for their own answer."),
    ),
    DutyKind.AUTHORITY: Place(
        _ASK,
        Permission.CONSENT_RECORD,
        _ASK_PAGE,
        T("Who signed for them may no longer do so from the day after: uses are on hold then."),
    ),
    DutyKind.NOTICE: Place(
        T("Follow the withdrawal"),
        Permission.CONSENT_READ,
        "withdrawals.show",
        T("Recipients that hold something must be told of the withdrawal and answer."),
        row="withdrawal_id",
        code=None,
    ),
    DutyKind.LETTER: Place(
        T("Write the letter"),
        Permission.WITHDRAWAL_FOLLOW,
        "withdrawals.letter",
        T("The participant is owed a letter that says what was done."),
        row="withdrawal_id",
        code=None,
    ),
    DutyKind.DESTRUCTION: Place(
        T("Follow the withdrawal"),
        Permission.CONSENT_READ,
        "withdrawals.show",
        T("Samples are ordered to be destroyed before a witness."),
        row="withdrawal_id",
        code=None,
    ),
}


def place_of(actor: Actor, duty: Duty) -> tuple[Message, str] | None:
    """What the person can do about it and at which address; None when it is for others."""
    place = PLACES[duty.kind]
    if not allows(actor, place.permission, duty):
        return None
    about: dict[str, str | int] = {} if place.code is None else {place.code: duty.code}
    if place.row is not None:
        about[place.row] = duty.row
    return place.verb, url_for(place.endpoint, **about)  # type: ignore[arg-type]


def this_week() -> Mapping[DutyKind, int]:
    """How many duties of each kind there are for the signed-in person's week, counted once."""
    if "duties_this_week" not in g:
        g.duties_this_week = queries.counts(guards.current_actor(), Horizon.WEEK)
    counts: Mapping[DutyKind, int] = g.duties_this_week
    return counts


def waiting(_actor: Actor) -> int:
    """How many duties of any kind there are for the signed-in person's week."""
    return sum(this_week().values())
