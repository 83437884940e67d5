"""Taking persons into a cohort: one and many go the same way.

Who is there already is read once for the whole batch; those who are new are
written table by table.  A person who is refused is refused before anything of
that one is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, allows, require
from registry.accounts.models import Site
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import DomainError, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.participants import policies
from registry.participants.majority import keep_majority
from registry.participants.models import (
    Cohort,
    Participant,
    ParticipantHistory,
    ParticipantMajority,
    ParticipantSource,
)
from registry.participants.sources import (
    Source,
    belongs_to_another,
    holders,
    survivor,
)
from registry.persistence import (
    insert_rows,
    registry_session,
    reserved,
    rows_for,
    table_of,
    transactional,
)
from registry.vocab.audit import AuditTag
from registry.vocab.people import ParticipantStatus, Sex


@dataclass(frozen=True)
class Newcomer:
    """A person to be in the cohort."""

    person_uid: str
    birth_year: int | None
    sex: Sex
    status: ParticipantStatus = ParticipantStatus.ENROLLED
    is_incomplete: bool = False
    #: Today when not given.
    included_on: date | None = None
    diagnosis_code: str | None = None
    source: Source | None = None
    #: First day of the month in which the person comes of age; kept of minors alone.
    adult_from: date | None = None


@dataclass(frozen=True)
class Enrolled:
    """Who the person is in the cohort."""

    participant_id: int
    status: ParticipantStatus


@dataclass(frozen=True)
class _At:
    """A site as that at which leave is asked."""

    site_id: int


@transactional
def enrol_many(
    actor: Actor, newcomers: Sequence[Newcomer], *, cohort_id: int, site_id: int
) -> list[Enrolled | DomainError]:
    """Enrol the persons in the cohort, or find the participants that they already are there.

    A participant who was there keeps site, code and status; what was missing
    (birth year, source) is added.  While it is doubtful who the person is,
    every participant is tentative.  What became of each, or why it was refused:
    the inclusion is still to come or comes before the birth, the person is in
    the cohort at a site that is not the actor's, or the source's number belongs
    to somebody else.

    :raises NotPermitted: the actor may not enrol at this site.
    :raises NotFound: there is no such cohort or site.
    """
    cohort = registry_session.get(Cohort, cohort_id)
    if cohort is None or not registry_session.get(Site, site_id):
        raise NotFound(T("There is no such cohort or site."))
    require(actor, Permission.PARTICIPANT_ENROL, _At(site_id))
    intake = _Intake(actor, cohort, site_id, newcomers)
    became = [intake.take(newcomer) for newcomer in newcomers]
    intake.write()
    return became


class _Intake:
    """One batch: who is in the cohort already, and whom it adds."""

    def __init__(
        self, actor: Actor, cohort: Cohort, site_id: int, newcomers: Sequence[Newcomer]
    ) -> None:
        self.actor, self.cohort, self.site_id = actor, cohort, site_id
        self.today = clock.today()
        uids = {newcomer.person_uid for newcomer in newcomers}
        self.known: dict[str, Participant] = {
            row.Participant.person_uid: survivor(row.Participant)
            for row in rows_for(registry_session, _IN_COHORT, uids, cohort_id=cohort.id)
        }
        self.doubtful = {row.person_uid for row in rows_for(registry_session, _DOUBTFUL, uids)}
        self.holders = holders({one.source for one in newcomers if one.source})
        self.ids = reserved(registry_session, table_of(Participant), len(newcomers))
        self.codes = _unused_codes(len(newcomers))
        self.added: dict[str, dict[str, Any]] = {}
        self.sources: list[dict[str, Any]] = []

    def take(self, newcomer: Newcomer) -> Enrolled | DomainError:
        """Who the person is in the cohort, or why the person is refused."""
        try:
            return self._take(newcomer)
        except DomainError as error:
            return error

    def _take(self, newcomer: Newcomer) -> Enrolled:
        included_on = newcomer.included_on or self.today
        policies.check_has_happened(included_on, "included_on")
        policies.check_is_after_birth(included_on, newcomer.birth_year)
        known, added = self.known.get(newcomer.person_uid), self.added.get(newcomer.person_uid)
        holder = self.holders.get(newcomer.source) if newcomer.source else None
        if holder is not None and holder != (known.id if known else added and added["id"]):
            raise belongs_to_another()
        if known is not None:
            return self._complete_known(newcomer, known)
        if added is None:
            added = self._add(newcomer, included_on)
            if newcomer.source:
                self._name(newcomer.source, added["id"])
        else:
            self._complete_added(newcomer, added)
            if newcomer.source and holder is None:
                self._name(newcomer.source, added["id"])
                self._record(AuditTag.PARTICIPANT_SOURCE_ADDED, added, system=newcomer.source[0])
        return Enrolled(added["id"], added["status"])

    def _complete_known(self, newcomer: Newcomer, known: Participant) -> Enrolled:
        """Add what was missing when the participant was first enrolled."""
        if not allows(self.actor, Permission.PARTICIPANT_ENROL, known):
            raise RuleBroken(
                T(
                    "This person is in this cohort already, at another site. "
                    "Ask the data manager which of you follows them."
                )
            )
        added = _to_add(
            newcomer, known.birth_year, known.included_on, is_incomplete=known.is_incomplete
        )
        for name, value in added.items():
            setattr(known, name, value)
        if added.get("adult_from"):
            keep_majority(known)
        if added:
            audit.record(self.actor, AuditTag.PARTICIPANT_COMPLETED, known, fields=list(added))
        if newcomer.source and newcomer.source not in self.holders:
            self._name(newcomer.source, known.id)
            system, _code = newcomer.source
            audit.record(self.actor, AuditTag.PARTICIPANT_SOURCE_ADDED, known, system=system)
        return Enrolled(known.id, known.status)

    def _complete_added(self, newcomer: Newcomer, row: dict[str, Any]) -> None:
        added = _to_add(
            newcomer, row["birth_year"], row["included_on"], is_incomplete=row["is_incomplete"]
        )
        row.update(added)
        if added:
            self._record(AuditTag.PARTICIPANT_COMPLETED, row, fields=list(added))

    def _add(self, newcomer: Newcomer, included_on: date) -> dict[str, Any]:
        is_doubtful = newcomer.person_uid in self.doubtful
        row = {
            "id": next(self.ids),
            "code": next(self.codes),
            "person_uid": newcomer.person_uid,
            "cohort_id": self.cohort.id,
            "site_id": self.site_id,
            "included_on": included_on,
            "birth_year": newcomer.birth_year,
            "adult_from": policies.still_minor_until(newcomer.adult_from, included_on),
            "sex": newcomer.sex,
            "diagnosis_code": newcomer.diagnosis_code,
            "status": ParticipantStatus.TENTATIVE if is_doubtful else newcomer.status,
            "merged_into_id": None,
            "is_incomplete": newcomer.is_incomplete,
            "recorded_at": clock.now(),
            "version": 1,
        }
        self.added[newcomer.person_uid] = row
        system = {"system": newcomer.source[0]} if newcomer.source else {}
        self._record(AuditTag.PARTICIPANT_ENROLLED, row, cohort=self.cohort.code, **system)
        return row

    def _name(self, source: Source, participant_id: int) -> None:
        """Note the number under which another system knows the participant."""
        system, source_code = source
        self.holders[source] = participant_id
        self.sources.append(
            {"participant_id": participant_id, "system": system, "source_code": source_code}
        )

    def _record(self, tag: AuditTag, row: dict[str, Any], **details: Any) -> None:
        about = f"participant:{row['code']}"
        audit.record(self.actor, tag, about, site_id=self.site_id, **details)

    def write(self) -> None:
        """Put everybody into the cohort, each table with one statement."""
        rows = list(self.added.values())
        history = [
            {
                "participant_id": row["id"],
                "status": row["status"],
                "person_uid": row["person_uid"],
                "merged_into_id": None,
                "merge_of": None,
                "recorded_at": row["recorded_at"],
            }
            for row in rows
        ]
        minors = [
            {
                "participant_id": row["id"],
                "adult_from": row["adult_from"],
                "recorded_at": row["recorded_at"],
            }
            for row in rows
            if row["adult_from"]
        ]
        for model, values in (
            (Participant, rows),
            (ParticipantHistory, history),
            (ParticipantMajority, minors),
            (ParticipantSource, self.sources),
        ):
            insert_rows(registry_session, table_of(model), values)


@transactional
def enrol(  # noqa: PLR0913 - each is one fact about the new participant
    actor: Actor,
    *,
    person_uid: str,
    cohort_id: int,
    site_id: int,
    birth_year: int | None,
    sex: Sex,
    status: ParticipantStatus = ParticipantStatus.ENROLLED,
    is_incomplete: bool = False,
    included_on: date | None = None,
    diagnosis_code: str | None = None,
    source: Source | None = None,
    adult_from: date | None = None,
) -> Participant:
    """Enrol one person in the cohort; see `enrol_many`.

    :raises NotPermitted: the actor may not enrol at this site.
    :raises NotFound: there is no such cohort or site.
    :raises RuleBroken: the person is in the cohort at a site that is not the
        actor's, or the source's number belongs to somebody else.
    :raises InvalidInput: `included_on` is still to come.
    """
    newcomer = Newcomer(
        person_uid,
        birth_year,
        sex,
        status,
        is_incomplete,
        included_on,
        diagnosis_code,
        source,
        adult_from,
    )
    (became,) = enrol_many(actor, [newcomer], cohort_id=cohort_id, site_id=site_id)
    if isinstance(became, DomainError):
        raise became
    return registry_session.get_one(Participant, became.participant_id)


def _to_add(
    newcomer: Newcomer, birth_year: int | None, included_on: date, *, is_incomplete: bool
) -> dict[str, Any]:
    """What the newcomer knows that the participant lacks, by column."""
    added: dict[str, Any] = {}
    if birth_year is None and newcomer.birth_year is not None:
        added["birth_year"] = newcomer.birth_year
        added["adult_from"] = policies.still_minor_until(newcomer.adult_from, included_on)
    if is_incomplete and not newcomer.is_incomplete:
        added["is_incomplete"] = False
    return added


def _unused_codes(at_once: int) -> Iterator[str]:
    """Fresh participant codes that nobody bears."""
    given: set[str] = set()
    while True:
        drawn = {participant_code.new() for _ in range(at_once)} - given
        taken = {row.code for row in rows_for(registry_session, _CODES, drawn)}
        given |= drawn
        yield from drawn - taken


_VALUES: sa.BindParameter[Any] = sa.bindparam("values", expanding=True)
_IN_COHORT = sa.select(Participant).where(
    Participant.person_uid.in_(_VALUES), Participant.cohort_id == sa.bindparam("cohort_id")
)
_DOUBTFUL = sa.select(Participant.person_uid).where(
    Participant.person_uid.in_(_VALUES), Participant.status == ParticipantStatus.TENTATIVE
)
_CODES = sa.select(Participant.code).where(Participant.code.in_(_VALUES))
