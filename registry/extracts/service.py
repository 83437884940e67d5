"""Making an extract, and handing it over."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa

from registry import documents
from registry.access import Permission, require
from registry.applications import policies as states, queries as applications, service as requests
from registry.applications.models import Application
from registry.applications.policies import study
from registry.documents import Stored
from registry.extracts import eligibility, policies, queries, report, snapshot
from registry.extracts.archive import Archive, Written
from registry.extracts.holding import hold_still
from registry.extracts.models import Extract, ExtractDownload, ExtractMember
from registry.extracts.policies import NoLongerAllowed
from registry.extracts.report import Report
from registry.extracts.snapshot import Snapshot
from registry.extracts.tables import SampleTable
from registry.identity.pseudonyms import projects
from registry.identity.pseudonyms.projects import ProjectCodes
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.applications import Act, State

MEDIA_TYPE = "application/zip"
_MEMBERS_AT_ONCE = 5_000


@transactional
def produce(actor: Actor, number: str) -> Extract:
    """Make the extract of an approved request, of those alone whose consent allows it today.

    :raises NotFound: there is no such request among those that the actor may follow.
    :raises NotPermitted: the actor makes no extracts, or made the request.
    :raises RuleBroken: the request is not approved, or too few people would be in it.
    :raises Unavailable: the vault, which keeps the key of the project's codes, is closed.
    """
    application = applications.get(actor, number)
    require(actor, Permission.EXTRACT_PRODUCE, application)
    states.check_can(application, Act.PRODUCE)
    codes = projects.to_produce(actor, application)
    found = snapshot.take(application, held=True)
    # The people are held before the request is, as a withdrawal does: nobody waits for another.
    application = lock_row(Application, application.id)
    states.check_can(application, Act.PRODUCE)
    policies.check_is_enough(found)
    policies.check_accepted(found.eligibility, application.accepted)

    seq = queries.last_seq(application.id) + 1
    packed = _pack(application, found, codes, seq)
    document = documents.keep(
        packed.stored, name=f"{application.number}-{seq}.zip", media_type=MEDIA_TYPE
    )
    extract = Extract(
        application_id=application.id,
        seq=seq,
        produced_by_id=actor.id,
        produced_at=clock.now(),
        document_id=document.id,
        sha256=packed.sha256,
        participants=len(found.plan.kept),
        samples=packed.table.rows,
        k=found.plan.k,
        report=Report.of(found).to_json(),
    )
    registry_session.add(extract)
    registry_session.flush()
    _note_members(extract.id, found.plan.kept)
    requests.move(
        actor,
        number,
        Act.PRODUCE,
        production=seq,
        participants=extract.participants,
        samples=extract.samples,
        sha256=extract.sha256,
    )
    return extract


@dataclass(frozen=True)
class _Packed:
    stored: Stored
    sha256: str
    table: Written


def _pack(application: Application, found: Snapshot, codes: ProjectCodes, seq: int) -> _Packed:
    """Write the file into the store, row by row."""
    table = SampleTable(application.variables, found.plan)
    rows = snapshot.rows(found, codes, application.variables)
    with documents.writing() as file:
        archive = Archive(file)
        samples = archive.add_table("samples.csv", table.lines(rows))
        archive.add_table("dictionary.csv", table.dictionary())
        archive.add_json(
            "manifest.json",
            report.manifest(
                application,
                Report.of(found),
                seq=seq,
                participants=len(found.plan.kept),
                table=samples,
                files=archive.listed(),
            ),
        )
        archive.close()
    return _Packed(file.stored, archive.sha256, samples)


def _note_members(extract_id: int, participant_ids: frozenset[int]) -> None:
    rows = [{"extract_id": extract_id, "participant_id": one} for one in sorted(participant_ids)]
    for start in range(0, len(rows), _MEMBERS_AT_ONCE):
        registry_session.execute(sa.insert(ExtractMember), rows[start : start + _MEMBERS_AT_ONCE])


@dataclass(frozen=True)
class Handed:
    """An extract on its way to its requester."""

    extract: Extract
    #: The file, of which the first piece has been read and found unchanged.
    content: Iterator[bytes]


def take(actor: Actor, number: str) -> Handed:
    """Hand the extract of one's own request over, if it may still leave.

    The consent of everybody in it is asked again, now.  When somebody's no
    longer allows the purpose, the extract is recalled and stays where it is.

    :raises NotPermitted: the actor did not make the request.
    :raises RuleBroken: there is no extract, or it was recalled.
    :raises Unavailable: its file cannot be read back; it then counts as not handed over.
    """
    try:
        return _hand_over(actor, number)
    except NoLongerAllowed:
        # The refusal has undone its own unit of work; that it happened must stay.
        _recall(actor, number)
        raise


@transactional
def _hand_over(actor: Actor, number: str) -> Handed:
    application = applications.get(actor, number)
    require(actor, Permission.EXTRACT_DOWNLOAD, application)
    extract = policies.check_not_recalled(queries.latest(application.id))
    members = queries.members(extract.id)
    # The people are held before the request is, as a withdrawal does: nobody waits for another.
    hold_still(members)
    application = lock_row(Application, application.id)
    policies.check_is_latest(extract, queries.latest(application.id))
    if application.state is not State.DELIVERED:
        states.check_can(application, Act.DELIVER)
    now = eligibility.ask(members, study(application))
    policies.check_still_allowed(members, now)
    policies.check_accepted(now, application.accepted)
    content = _opened(extract)

    registry_session.add(
        ExtractDownload(extract_id=extract.id, downloaded_by_id=actor.id, downloaded_at=clock.now())
    )
    requests.deliver(actor, number, production=extract.seq, sha256=extract.sha256)
    return Handed(extract, content)


def _opened(extract: Extract) -> Iterator[bytes]:
    """The file, its first piece read now: one that does not open must not count as delivered."""
    pieces = documents.chunks(extract.document.ref)
    return chain([next(pieces)], pieces)


@transactional
def _recall(actor: Actor, number: str) -> None:
    application = lock_row(Application, applications.get(actor, number).id)
    require(actor, Permission.EXTRACT_DOWNLOAD, application)
    extract = policies.check_not_recalled(queries.latest(application.id))
    extract.recalled_at = clock.now()
    requests.move(actor, number, Act.RECALL, production=extract.seq)
