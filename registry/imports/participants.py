"""Importing identities: each person once, in the vault and in the cohort."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.identity import service as vault
from registry.identity.service import Arrival, Enrolment
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.imports.reading import Row, read
from registry.imports.report import Outcome, Progress, problems_of, take_in_parts
from registry.kernel import ages
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import T
from registry.participants import service as participants
from registry.participants.models import Cohort
from registry.participants.service import Newcomer
from registry.persistence.unit_of_work import savepoint
from registry.vocab import limits
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
    gave before changes nothing.  A registry that has learnt nothing of its
    population learns from the first rows how to weigh them.  `started` is told
    the number of rows and gives back what to tell of progress.

    :raises InvalidInput: the file as a whole cannot be understood.
    :raises NotPermitted: the actor may not import.
    """
    require(actor, Permission.IMPORT_RUN)
    table = read(path, PARTICIPANT_HEADINGS, required=PARTICIPANT_REQUIRED)
    outcome = Outcome(table)

    under_way = _Import(actor, cohort, site, source, outcome)
    first = islice(table.rows, limits.IMPORT_IDENTITIES_AT_ONCE)
    vault.learn_from(actor, under_way.coming(first))
    take_in_parts(
        actor,
        AuditTag.PARTICIPANTS_IMPORTED,
        outcome,
        under_way.read,
        under_way.take,
        at_once=limits.IMPORT_IDENTITIES_AT_ONCE,
        site_id=site.id,
        progress=started(len(table.rows)),
    )
    return outcome


@dataclass(frozen=True)
class _Import:
    """One import under way: where its rows go."""

    actor: Actor
    cohort: Cohort
    site: Site
    source: str
    outcome: Outcome

    def read(self, row: Row) -> ParticipantValues:
        """The values of a row.

        :raises InvalidInput: they cannot be an identity's.
        """
        values = participant_values(row.values)
        if values["hospital_identifier"] == values["source_code"]:
            raise InvalidInput(
                T(
                    "The row's number is the hospital identifier, which must stay in the vault. "
                    "Give the rows numbers of their own."
                ),
                field="source_code",
            )
        return values

    def coming(self, rows: Iterable[Row]) -> Iterator[Arrival]:
        """The identities of these rows, without those that cannot be read."""
        for row in rows:
            with suppress(DomainError):
                yield self._arrival(self.read(row))

    def take(self, rows: Sequence[tuple[Row, ParticipantValues]]) -> None:
        """Take the rows in, refusing each that cannot be taken, and only those.

        What the cohort refuses the vault has taken already: such rows are
        found by taking smaller and smaller parts.
        """
        if not rows:
            return
        try:
            with savepoint():
                became = self._enrolled(rows)
        except _Refused as refusal:
            if len(rows) == 1:
                self.outcome.refuse(rows[0][0], problems_of(refusal.error))
                return
            middle = len(rows) // 2
            self.take(rows[:middle])
            self.take(rows[middle:])
            return
        for (row, _values), one in zip(rows, became, strict=True):
            if isinstance(one, DomainError):
                self.outcome.refuse(row, problems_of(one))
            else:
                self.outcome.counts.update(one)

    def _enrolled(
        self, rows: Sequence[tuple[Row, ParticipantValues]]
    ) -> list[list[str] | DomainError]:
        """Enrol the rows in the vault, then in the cohort; what to count each under.

        :raises _Refused: the cohort refuses one that the vault has taken.
        """
        enrolments = vault.enrol_many(self.actor, [self._arrival(values) for _row, values in rows])
        taken = [
            (values, one)
            for (_row, values), one in zip(rows, enrolments, strict=True)
            if isinstance(one, Enrolment)
        ]
        # Also for a row the vault has already: a crash between the two databases may
        # have kept the person and lost the participant.
        became = participants.enrol_many(
            self.actor,
            [self._newcomer(values, enrolment) for values, enrolment in taken],
            cohort_id=self.cohort.id,
            site_id=self.site.id,
        )
        for (_values, enrolment), one in zip(taken, became, strict=True):
            if isinstance(one, DomainError):
                raise _Refused(one)
            is_settled = enrolment.standing is not Standing.TENTATIVE
            if is_settled and one.status is ParticipantStatus.TENTATIVE:
                # The vault has settled who this is, and a crash kept the cohort from hearing it.
                vault.settle(self.actor, enrolment.person_uid)
        return [_counted(one) if isinstance(one, Enrolment) else one for one in enrolments]

    def _arrival(self, values: ParticipantValues) -> Arrival:
        number = values["hospital_identifier"]
        return Arrival(
            traits=Traits(
                birth_name=values["birth_name"],
                given_names=values["given_names"],
                used_name=values["used_name"],
                used_given_names=values["used_given_names"],
                birth_date=values["birth_date"],
                sex=values["sex"],
                birth_place=values["birth_place"],
                postal_code=values["postal_code"],
                town=values["town"],
            ),
            hospital_identifier=HospitalId(self.site.code, number) if number else None,
            source=SourceRef(self.source, values["source_code"]),
            site=self.site.code,
        )

    def _newcomer(self, values: ParticipantValues, enrolment: Enrolment) -> Newcomer:
        born = values["birth_date"]
        tentative = enrolment.standing is Standing.TENTATIVE
        return Newcomer(
            person_uid=enrolment.person_uid,
            birth_year=born.year if born else None,
            adult_from=ages.adult_from(born),
            sex=values["sex"] or Sex.UNKNOWN,
            status=ParticipantStatus.TENTATIVE if tentative else ParticipantStatus.ENROLLED,
            is_incomplete=bool(enrolment.missing),
            source=(self.source, values["source_code"]),
        )


class _Refused(Exception):
    """The cohort does not take a row; the part it is in is undone."""

    def __init__(self, error: DomainError) -> None:
        super().__init__()
        self.error = error


def _counted(enrolment: Enrolment) -> list[str]:
    is_new = enrolment.outcome is not EnrolmentOutcome.ALREADY
    return [_COUNTED[enrolment.outcome], *(["incomplete"] if enrolment.missing and is_new else [])]
