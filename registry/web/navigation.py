"""The one table of what people can go to: the bar at the top and the cards of the home page.

An area adds a line here; nobody sees a line whose permission they lack.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from registry.access import Permission, allows
from registry.custody.carts import queries as carts
from registry.custody.exposures import queries as exposures
from registry.custody.incidents import queries as incidents
from registry.custody.picking import queries as picking
from registry.dossiers import queries as dossiers
from registry.identity import service as identity
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.samples.tray import queries as tray
from registry.web import duty_places, guards
from registry.web.views import shipments


@dataclass(frozen=True)
class Entry:
    """A place to go: its name, its view, who may, and what one does there.

    `on_home` puts it among the cards of the home page, as a main job.
    """

    label: Message
    endpoint: str
    permission: Permission
    purpose: Message
    on_home: bool = True
    #: How many things wait there for this person, when that is counted.
    waiting: Callable[[Actor], int] | None = None
    #: Whether what waits asks for a decision, or for an act.
    is_decided: bool = True
    #: Another blueprint whose pages belong to it.
    also: str | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return url_for(self.endpoint)

    @property
    def count(self) -> int:
        """How many things wait there for the signed-in person."""
        return 0 if self.waiting is None else self.waiting(guards.current_actor())


#: In the order of a working day.
ENTRIES: tuple[Entry, ...] = (
    Entry(
        T("Find a person"),
        "identity.search",
        Permission.IDENTITY_SEARCH,
        T("Is this person known already, and under which codes?"),
    ),
    Entry(
        T("Participants"),
        "participants.index",
        Permission.PARTICIPANT_READ,
        T("Open a participant: consent, visits, kits and samples."),
    ),
    Entry(
        T("To do"),
        "duties.index",
        Permission.CONSENT_READ,
        T("See what consents need this week: scans, checks, people to ask again or to tell."),
        waiting=duty_places.waiting,
        is_decided=False,
    ),
    Entry(
        T("Doubtful identities"),
        "reviews.index",
        Permission.IDENTITY_REVIEW,
        T("Two records that may be one person: compare and decide."),
        waiting=identity.count_open,
        also="decided",
    ),
    Entry(
        T("Oppositions from home"),
        "oppositions.index",
        Permission.OPPOSITION_HANDLE,
        T("See what participants opposed from home: it holds already. Confirm or answer it."),
        waiting=dossiers.waiting,
    ),
    Entry(
        T("Pseudonyms"),
        "pseudonyms.find",
        Permission.FOREIGN_PSEUDONYM_READ,
        T("Find the participant behind a partner’s code, or a project’s."),
        on_home=False,
    ),
    Entry(
        T("Cohorts"),
        "protocols.index",
        Permission.PARTICIPANT_READ,
        T("What each cohort foresees: visits and kits."),
        on_home=False,
    ),
    Entry(
        T("Consent forms"),
        "consent_forms.index",
        Permission.CONSENT_TEMPLATE_READ,
        T("Read and print the forms that people sign; write new versions."),
        on_home=False,
    ),
    Entry(
        T("Consents"),
        "consent_status.show",
        Permission.CONSENT_READ,
        T("See how many agree to what in each cohort, month by month."),
        on_home=False,
    ),
    Entry(
        T("Tray"),
        "tray.index",
        Permission.SAMPLE_REGISTER,
        T("See which tubes wait in a tray, and say whose they are."),
        on_home=False,
        waiting=tray.count_waiting,
    ),
    Entry(
        T("Work"),
        "custody.work",
        Permission.SAMPLE_RECEIVE,
        T("Receive, divide and place tubes; see what waits and what is lent."),
    ),
    Entry(
        T("Carts"),
        "carts.index",
        Permission.CART_USE,
        T("Scan tubes onto a list that colleagues share, and act on all of it."),
        on_home=False,
        waiting=carts.count_idle,
        is_decided=False,
    ),
    Entry(
        T("Pick lists"),
        "picking.index",
        Permission.SAMPLE_CHECK_OUT,
        T("Reserve tubes, and fetch them in the order of the freezers."),
        waiting=picking.count_open,
        is_decided=False,
    ),
    Entry(
        T("Incidents"),
        "incidents.index",
        Permission.INCIDENT_READ,
        T("Report what went wrong with tubes; decide what becomes of them."),
        on_home=False,
        waiting=incidents.count_open,
        is_decided=False,
    ),
    Entry(
        T("Temperatures"),
        "probes.index",
        Permission.STORAGE_READ,
        T("Take in the files of probes; decide of tubes in a place that left its limits."),
        on_home=False,
        waiting=exposures.count_waiting,
    ),
    Entry(
        T("Shipments"),
        "shipments.index",
        Permission.SHIPMENT_READ,
        T("Pack, send and receive tubes; see what is on its way and what must come back."),
        waiting=shipments.waiting,
        is_decided=False,
        also="partners",
    ),
    Entry(
        T("Samples"),
        "samples.index",
        Permission.SAMPLE_READ,
        T("Find a tube, see where it is and what was done with it."),
    ),
    Entry(
        T("Storage"),
        "storage.index",
        Permission.STORAGE_READ,
        T("Freezers and boxes: what is in each cell, what is free."),
    ),
    Entry(
        T("Kits in advance"),
        "printed_kits.index",
        Permission.KIT_PRINT,
        T("Label kits before the visit: three scans then register one."),
        on_home=False,
    ),
    Entry(
        T("Labels"),
        "labels.index",
        Permission.SAMPLE_READ,
        T("Print labels again, or with fresh codes in advance."),
    ),
    Entry(
        T("Label templates"),
        "label_templates.index",
        Permission.LABEL_TEMPLATE_EDIT,
        T("Say what labels of tubes, boxes and freezers look like."),
        on_home=False,
    ),
    Entry(
        T("Defined acts"),
        "defined_acts.index",
        Permission.DEFINED_ACT_EDIT,
        T("Define what else technicians record of tubes, with its own fields."),
        on_home=False,
    ),
    Entry(
        T("Vocabularies"),
        "vocabularies.show",
        Permission.VOCABULARY_EDIT,
        T("Add your own terms to what people choose from, and say what is no longer offered."),
        on_home=False,
    ),
    Entry(
        T("Catalogue"),
        "catalogue.ask",
        Permission.CATALOGUE_COUNT,
        T("Count what exists and may be used, then ask for an extract."),
    ),
    Entry(
        T("Requests"),
        "applications.index",
        Permission.APPLICATION_READ,
        T("Follow requests for extracts: decide, produce, download."),
    ),
    Entry(
        T("Background work"),
        "tasks.index",
        Permission.TASK_READ,
        T("Match the registry again, learn its weights, renew its keys; see how far it is."),
        on_home=False,
    ),
    Entry(
        T("Contacts"),
        "contacts.new",
        Permission.CONTACTS_EXPORT,
        T("Take names and addresses of participants who may be contacted, in a sealed file."),
    ),
    Entry(
        T("Looks"),
        "looks.index",
        Permission.LOOK_READ,
        T("See who looked at whose identity and why, and examine what is unusual."),
    ),
    Entry(
        T("Erasures"),
        "erasures.index",
        Permission.IDENTITY_ERASE,
        T("See which identities were destroyed, and take their certificates."),
        on_home=False,
    ),
    Entry(
        T("Journal"),
        "audit.journal",
        Permission.AUDIT_READ,
        T("Read who did and saw what, and verify that nothing was changed."),
    ),
    Entry(
        T("Accounts"),
        "accounts.people",
        Permission.ACCOUNT_MANAGE,
        T("Open accounts for colleagues, give them roles at a site, close an account."),
    ),
)


#: Who may see one of these has something to scan.
SCANNED = (Permission.SAMPLE_READ, Permission.STORAGE_READ, Permission.PARTICIPANT_READ)


def scans() -> bool:
    """Whether the signed-in person may open anything that bears a code."""
    actor = guards.signed_in()
    return actor is not None and any(allows(actor, permission) for permission in SCANNED)


def entries_for(*, on_home: bool = False) -> Sequence[Entry]:
    """The entries that the signed-in person may use."""
    actor = guards.signed_in()
    if actor is None:
        return ()
    return tuple(
        entry
        for entry in ENTRIES
        if allows(actor, entry.permission)
        and (entry.on_home or not on_home)
        and entry.endpoint in current_app.view_functions
    )


def current_entry(entries: Sequence[Entry]) -> Entry | None:
    """The entry to which the page shown belongs: its own, else the first of the same area."""
    endpoint = request.endpoint or ""
    area = endpoint.partition(".")[0]
    same_area = [
        entry for entry in entries if area in (entry.endpoint.partition(".")[0], entry.also)
    ]
    exact = [entry for entry in same_area if entry.endpoint == endpoint]
    return next(iter([*exact, *same_area]), None)
