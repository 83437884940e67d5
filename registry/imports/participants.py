"""Importing identities: each person once, in the vault and in the cohort."""

from collections.abc import Callable
from pathlib import Path

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.identity import service as vault
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.imports.reading import Row, check_aligned, read
from registry.imports.report import Outcome, Progress, problems_of, take_in_parts
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import T
from registry.participants import service as participants
from registry.participants.models import Cohort
from registry.persistence.unit_of_work import savepoint
from registry.vocab.audit import AuditTag
from registry.vocab.identity import EnrolmentOutcome, Standing
from registry.vocab.people import ParticipantStatus, Sex
from schemas.imports import (
    PARTICIPANT_HEADINGS,
    PARTICIPANT_REQUIRED,
    ParticipantValues,
    participant_values,
)

#: What a row is counted under.
_COUNTED = {
    EnrolmentOutcome.NEW: "accepted",
    EnrolmentOutcome.SAME: "attached",
    EnrolmentOutcome.REVIEW: "review",
    EnrolmentOutcome.ALREADY: "already",
}


def import_participants(
    actor: Actor,
    path: Path,
    *,
    cohort: Cohort,
    site: Site,
    source: str,
    started: Callable[[int], Progress],
) -> Outcome:
    """Take the identities of the file at `path` into `cohort` at `site`.

    A certain duplicate is attached to the person it is; a doubtful one becomes
    a tentative participant and waits in the review list; an identity with a
    hospital identifier is taken though a trait is missing, and counted
    incomplete.  `source` names the system that numbered the rows: a row that it
    gave before changes nothing.  `started` is told the number of rows and gives
    back what to tell of progress.

    :raises InvalidInput: the file as a whole cannot be understood.
    :raises NotPermitted: the actor may not import.
    """
    require(actor, Permission.IMPORT_RUN)
    table = read(path, PARTICIPANT_HEADINGS, required=PARTICIPANT_REQUIRED)
    outcome = Outcome(table)

    def take(rows: list[Row]) -> None:
        for row in rows:
            try:
                check_aligned(row)
                with savepoint():
                    became = _take(actor, participant_values(row.values), cohort, site, source)
                outcome.counts.update(became)
            except DomainError as error:
                outcome.refuse(row, problems_of(error))

    take_in_parts(
        actor,
        AuditTag.PARTICIPANTS_IMPORTED,
        outcome,
        take,
        site_id=site.id,
        progress=started(len(table.rows)),
    )
    return outcome


def _take(
    actor: Actor, values: ParticipantValues, cohort: Cohort, site: Site, source: str
) -> list[str]:
    """Enrol one row in the vault, then in the cohort; what to count it under."""
    number = values["hospital_identifier"]
    if number and number == values["source_code"]:
        raise InvalidInput(
            T(
                "The row's number is the hospital identifier, which must stay in the vault. "
                "Give the rows numbers of their own."
            ),
            field="source_code",
        )
    enrolment = vault.enrol(
        actor,
        traits=Traits(
            birth_name=values["birth_name"],
            given_names=values["given_names"],
            used_name=values["used_name"],
            birth_date=values["birth_date"],
            sex=values["sex"],
            birth_place=values["birth_place"],
            postal_code=values["postal_code"],
            town=values["town"],
        ),
        hospital_identifier=HospitalId(site.code, number) if number else None,
        source=SourceRef(source, values["source_code"]),
        site=site.code,
    )
    born = values["birth_date"]
    tentative = enrolment.standing is Standing.TENTATIVE
    # Also for a row the vault has already: a crash between the two databases may
    # have kept the person and lost the participant.
    participant = participants.enrol(
        actor,
        person_uid=enrolment.person_uid,
        cohort_id=cohort.id,
        site_id=site.id,
        birth_year=born.year if born else None,
        sex=values["sex"] or Sex.UNKNOWN,
        status=ParticipantStatus.TENTATIVE if tentative else ParticipantStatus.ENROLLED,
        is_incomplete=bool(enrolment.missing),
        source=(source, values["source_code"]),
    )
    if participant.status is ParticipantStatus.TENTATIVE and not tentative:
        # The vault has settled who this is, and a crash kept the cohort from hearing it.
        vault.settle(actor, enrolment.person_uid)
    is_new = enrolment.outcome is not EnrolmentOutcome.ALREADY
    return [_COUNTED[enrolment.outcome], *(["incomplete"] if enrolment.missing and is_new else [])]
