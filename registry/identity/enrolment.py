"""Taking identities in: attach each to the person it certainly is, or take it as new.

One and many go the same way: what the vault knows is read for the whole batch,
each identity is then judged in its order as if those before it were there
already, and what is new is written at the end.  An identity that is refused is
refused before anything of it is kept.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import sqlalchemy as sa

from registry import audit
from registry.identity import decided as at_counter, matching, persons, records
from registry.identity.arrivals import Arrival, Case, admit
from registry.identity.candidates import Candidates, Known
from registry.identity.decided import NOTHING_DECIDED, Decided, Settled
from registry.identity.keys import OpenVault
from registry.identity.matching import Match
from registry.identity.models import IdentityRecord, Person
from registry.identity.opening import open_to_write, wait_for_turn
from registry.identity.sources import Sources
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.identity.writing import Dossier, Writes, as_traits
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError
from registry.persistence import rows_for, transactional, vault_session
from registry.persistence.unit_of_work import savepoint
from registry.vocab.audit import AuditTag
from registry.vocab.identity import EnrolmentOutcome, Standing, Trait


@dataclass(frozen=True)
class Enrolment:
    """What became of an identity."""

    person_uid: str
    outcome: EnrolmentOutcome
    #: Tentative as long as the person waits for a review, whatever became of this identity.
    standing: Standing
    #: The reviews that it waits for.
    reviews: tuple[int, ...] = ()
    #: The required traits that nobody has given for this person yet.
    missing: tuple[Trait, ...] = ()


@transactional
def enrol(
    actor: Actor,
    *,
    traits: Traits,
    hospital_identifier: HospitalId | None = None,
    source: SourceRef | None = None,
    site: str | None = None,
    decided: Decided = NOTHING_DECIDED,
) -> Enrolment:
    """Take one identity in; see `enrol_many`.

    :raises NotPermitted: the actor may not hand in identities at this site, or
        decide about those at the other's.
    :raises NotFound: a person in `decided` is not at the actor's sites.
    :raises InvalidInput: the traits cannot be a person's, or are too few, or are
        said to be of two persons.
    :raises RuleBroken: a person in `decided` does not resemble the identity.
    :raises Unavailable: the vault is closed.
    """
    (became,) = enrol_many(actor, [Arrival(traits, hospital_identifier, source, site, decided)])
    if isinstance(became, DomainError):
        raise became
    return became


@transactional
def enrol_many(actor: Actor, arrivals: Sequence[Arrival]) -> list[Enrolment | DomainError]:
    """Take the identities in, in their order; what became of each, or why it was refused.

    The same person handed in again is recognised and nothing is doubled: a
    row of a `source` that was read before changes nothing (*already*), the
    same spelling is not kept twice.  A certain match is attached (*same*), a
    doubtful one becomes a tentative person with reviews to decide (*review*).
    About the persons in `decided` nobody is asked: *same* attaches to that
    one, *different* is remembered for good.

    :raises Unavailable: the vault is closed.
    """
    admitted = admit(actor, arrivals)
    if not any(isinstance(one, Case) for one in admitted):
        return [one for one in admitted if isinstance(one, DomainError)]
    wait_for_turn()
    opened = open_to_write()
    became: list[Enrolment | DomainError] = []
    for part in _parts(admitted):
        intake = _Intake(actor, opened, [one for one in part if isinstance(one, Case)])
        became += [intake.take(one) if isinstance(one, Case) else one for one in part]
        intake.writes.write()
    return became


def _parts(admitted: Sequence[Case | DomainError]) -> Iterator[list[Case | DomainError]]:
    """What can be judged from memory: an identity that comes with a decision stands alone,
    because others' persons may be changed by it.
    """
    part: list[Case | DomainError] = []
    for one in admitted:
        if isinstance(one, Case) and one.arrival.decided:
            yield from ([part] if part else [])
            yield [one]
            part = []
        else:
            part.append(one)
    if part:
        yield part


class _Intake:
    """One part of a batch: what is known for it, and what it adds."""

    def __init__(self, actor: Actor, opened: OpenVault, cases: Sequence[Case]) -> None:
        self.actor = actor
        self.opened = opened
        self.writes = Writes(opened, expected=len(cases))
        self.sources = Sources(opened, [one.arrival.source for one in cases if one.arrival.source])
        self.candidates = Candidates(opened)
        self.candidates.read_persons(self.sources.person_ids)
        self.missing = _missing_of(self.sources.person_ids)
        for one in cases:
            if one.arrival.source:
                one.row = self.sources.look_up(one.arrival.source, one.newcomer)
            if one.row is None or not one.row.is_unchanged:
                one.tokens = opened.tokens(one.newcomer.likeness)
        self.candidates.read([one.tokens for one in cases if one.tokens])

    def take(self, case: Case) -> Enrolment | DomainError:
        """What becomes of the identity, or why it is refused."""
        # A decision is recorded after the identity is written: refused, it takes that back.
        kept_apart = savepoint() if case.arrival.decided else nullcontext()
        try:
            with kept_apart:
                return self._already(case) or self._judge(case)
        except DomainError as error:
            return error

    def _already(self, case: Case) -> Enrolment | None:
        """What became of the very same row when it was read before.

        Nothing is left of an erased person's rows: read again, they are somebody new's.
        """
        if case.arrival.source is None or case.row is None:
            return None
        if self.sources.came_again(case.row):
            case.row = self.sources.look_up(case.arrival.source, case.newcomer)
        if case.row.person_id is None or not case.row.is_unchanged:
            return None
        person = self.candidates.person(case.row.person_id)
        if person is None:
            return None
        missing = self._missing(person)
        return Enrolment(person.uid, EnrolmentOutcome.ALREADY, person.standing, missing=missing)

    def _missing(self, person: Known) -> tuple[Trait, ...]:
        """The required traits that nobody has given for the person yet."""
        if person.id in self.missing and not self.writes.has_dossier(person.id):
            return self.missing[person.id]
        return self.writes.dossier(person).missing

    def _judge(self, case: Case) -> Enrolment:
        likeness = case.newcomer.likeness
        findings = matching.find_among(self.candidates, likeness, case.tokens)
        matches = findings.matches
        decided = case.arrival.decided
        settled = at_counter.settled(self.actor, decided, matches, case.place)
        decision = matching.decide(findings, same=settled.same, settled=settled.person_ids)
        number = case.newcomer.identifier
        if number and any(match.has_number for match in matches):
            number = None
        if decision.attach_to is not None:
            became = self._attach(case, decision.attach_to, decision.doubts, number)
        else:
            became = self._take_as_new(case, decision.doubts, number)
        return self._remember(settled, became) if decided else became

    def _attach(
        self, case: Case, match: Match, doubts: Sequence[Match], free_number: HospitalId | None
    ) -> Enrolment:
        """Keep the identity as one more record of the person it certainly is."""
        dossier = self.writes.dossier(match.person)
        record_id = self._spell(case, dossier)
        waiting = self._finish(case, dossier, record_id, doubts, free_number)
        audit.record(
            self.actor,
            AuditTag.IDENTITY_ATTACHED,
            match.person,
            site_id=case.place.site_id,
            levels=match.comparison.levels,
            reviews=waiting,
        )
        standing, missing = match.person.standing, dossier.missing
        return Enrolment(match.person.uid, EnrolmentOutcome.SAME, standing, waiting, missing)

    def _take_as_new(
        self, case: Case, doubts: Sequence[Match], free_number: HospitalId | None
    ) -> Enrolment:
        """A new person; tentative while somebody known may be the same."""
        dossier = self.writes.add_person(Standing.TENTATIVE if doubts else Standing.ESTABLISHED)
        record_id = self._spell(case, dossier)
        waiting = self._finish(case, dossier, record_id, doubts, free_number)
        missing = case.newcomer.traits.missing
        audit.record(
            self.actor,
            AuditTag.IDENTITY_DOUBTED if doubts else AuditTag.IDENTITY_ENROLLED,
            dossier.person,
            site_id=case.place.site_id,
            missing=missing,
            reviews=waiting,
        )
        outcome = EnrolmentOutcome.REVIEW if doubts else EnrolmentOutcome.NEW
        return Enrolment(dossier.person.uid, outcome, dossier.person.standing, waiting, missing)

    def _spell(self, case: Case, dossier: Dossier) -> int:
        """The person's record of this identity.

        The very same content is not kept twice.  A record that lacks fewer traits
        than the reference takes its place.
        """
        newcomer = case.newcomer
        if dossier.spellings:
            digests = records.content_digests(self.opened, dossier.person.uid, newcomer)
            for spelling in dossier.spellings.values():
                if spelling.content_digest in digests:
                    return spelling.record_id
        is_better = bool(dossier.spellings) and (
            len(newcomer.traits.missing) < len(dossier.missing)
        )
        record_id = self.writes.add_spelling(dossier, newcomer, case.tokens)
        if is_better:
            self.writes.make_reference(dossier, max(dossier.spellings))
        self.candidates.add(record_id, dossier.person, newcomer.likeness, case.tokens)
        return record_id

    def _finish(
        self,
        case: Case,
        dossier: Dossier,
        record_id: int,
        doubts: Sequence[Match],
        free_number: HospitalId | None,
    ) -> tuple[int, ...]:
        """Keep the number and the row; the reviews that are opened or wait already."""
        if free_number:
            self.writes.add_number(dossier, free_number)
        if case.row:
            self.writes.remember(case.row, dossier.holder, record_id)
            self.sources.remember(case.row, dossier.person.id)
        found = (self.writes.open_review(dossier.person.id, doubt) for doubt in doubts)
        return tuple(review for review in found if review is not None)

    def _remember(self, settled: Settled, became: Enrolment) -> Enrolment:
        """Keep what was decided; it may have put the person beyond doubt."""
        self.writes.write()
        at_counter.remember(self.actor, persons.by_uid(became.person_uid).id, settled)
        return replace(became, standing=persons.by_uid(became.person_uid).standing)


def _missing_of(person_ids: Collection[int]) -> dict[int, tuple[Trait, ...]]:
    """The required traits that the reference records of these persons lack."""
    found = rows_for(vault_session, _REFERENCES, person_ids)
    return {row.person_id: as_traits(row.missing) for row in found}


_REFERENCES = (
    sa.select(IdentityRecord.person_id, IdentityRecord.missing)
    .join(Person, Person.id == IdentityRecord.person_id)
    .where(
        IdentityRecord.person_id.in_(sa.bindparam("values", expanding=True)),
        IdentityRecord.number == Person.reference,
    )
)
