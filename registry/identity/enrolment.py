"""Taking an identity in: attach it to the person it certainly is, or take it as new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import (
    decided as at_counter,
    matching,
    persons,
    records,
    reviews,
    sites,
    sources,
    traits as received,
)
from registry.identity.decided import NOTHING_DECIDED, Decided, Settled
from registry.identity.keys import OpenVault
from registry.identity.matching import Match
from registry.identity.models import HospitalIdentifier, IdentityRecord, Person
from registry.identity.opening import open_to_write, wait_for_turn
from registry.identity.records import Holder, Newcomer
from registry.identity.sites import AtSite
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.kernel.actor import Actor
from registry.persistence import transactional, vault_session
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


@dataclass(frozen=True)
class _Arrival:
    """One identity on its way in, with everything that is needed to write it."""

    actor: Actor
    opened: OpenVault
    place: AtSite
    newcomer: Newcomer
    row: sources.Row | None
    settled: Settled
    #: It came with a hospital number that nobody has yet.
    has_free_number: bool


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
    """Take the identity of a person received at the hospital identifier's site, or at `site`.

    The same person handed in again is recognised and nothing is doubled: a
    row of a `source` that was read before changes nothing (*already*), the
    same spelling is not kept twice.  A certain match is attached (*same*), a
    doubtful one becomes a tentative person with reviews to decide (*review*).
    About the persons in `decided` nobody is asked: *same* attaches to that
    one, *different* is remembered for good.

    :raises NotPermitted: the actor may not hand in identities at this site, or
        decide about those at the other's.
    :raises NotFound: a person in `decided` is not at the actor's sites.
    :raises InvalidInput: the traits cannot be a person's, or are too few, or are
        said to be of two persons.
    :raises RuleBroken: a person in `decided` does not resemble the identity.
    :raises Unavailable: the vault is closed.
    """
    place = sites.site(hospital_identifier.site if hospital_identifier else site)
    require(actor, Permission.IDENTITY_ENROL, place)
    identifier = HospitalId(place.code, hospital_identifier.number) if hospital_identifier else None
    received.check(traits, identifier)
    wait_for_turn()
    opened = open_to_write()

    newcomer = Newcomer.of(traits, identifier, place.code)
    row = sources.look_up(opened, source, newcomer) if source else None
    if row and row.person_id and row.is_unchanged:
        person = persons.root_of(row.person_id)
        return Enrolment(
            person.uid, EnrolmentOutcome.ALREADY, person.standing, missing=_missing(person)
        )
    matches = matching.find(opened, newcomer.likeness).matches
    settled = at_counter.settled(actor, decided, matches, place)
    has_free_number = newcomer.identifier and not any(match.has_number for match in matches)
    arrival = _Arrival(actor, opened, place, newcomer, row, settled, bool(has_free_number))
    decision = matching.decide(matches, same=settled.same, settled=settled.person_ids)
    if decision.attach_to is not None:
        return _attach(arrival, decision.attach_to, decision.doubts)
    return _take_as_new(arrival, decision.doubts)


def _attach(arrival: _Arrival, match: Match, doubts: Sequence[Match]) -> Enrolment:
    """Keep the identity as one more record of the person it certainly is."""
    opened, newcomer = arrival.opened, arrival.newcomer
    person = match.person
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    record_id, missing = _add_spelling(arrival, person, holder)
    if newcomer.identifier and arrival.has_free_number:
        _add_number(opened, holder, newcomer.identifier)
    if arrival.row:
        sources.remember(arrival.row, record_id)
    waiting = _open_reviews(person.id, doubts)
    audit.record(
        arrival.actor,
        AuditTag.IDENTITY_ATTACHED,
        person,
        site_id=arrival.place.site_id,
        levels=match.comparison.levels,
        reviews=waiting,
    )
    at_counter.remember(arrival.actor, person.id, arrival.settled)
    return Enrolment(person.uid, EnrolmentOutcome.SAME, person.standing, waiting, missing)


def _open_reviews(person_id: int, doubts: Sequence[Match]) -> tuple[int, ...]:
    found = [reviews.open_between(person_id, doubt) for doubt in doubts]
    return tuple(review for review in found if review is not None)


_RECORDS = sa.select(
    IdentityRecord.id,
    IdentityRecord.number,
    IdentityRecord.missing,
    IdentityRecord.content_digest,
).where(IdentityRecord.person_id == sa.bindparam("person_id"))


def _add_spelling(
    arrival: _Arrival, person: Person, holder: Holder
) -> tuple[int, tuple[Trait, ...]]:
    """The person's record of this identity, and the traits that are missing with it.

    The very same content is not kept twice.  A record that lacks fewer traits
    than the reference takes its place.
    """
    known = {row.number: row for row in vault_session.execute(_RECORDS, {"person_id": person.id})}
    missing = _as_traits(known[person.reference].missing)
    digests = records.content_digests(arrival.opened, person.uid, arrival.newcomer)
    for row in known.values():
        if row.content_digest in digests:
            return row.id, missing
    number = max(known) + 1
    record_id = records.add_record(arrival.opened, holder, number, arrival.newcomer)
    if len(arrival.newcomer.traits.missing) < len(missing):
        person.reference = number
        missing = arrival.newcomer.traits.missing
    return record_id, missing


def _add_number(opened: OpenVault, holder: Holder, identifier: HospitalId) -> None:
    """Another hospital number of the person: an alias where the site has given one before."""
    rows = vault_session.execute(
        sa.select(HospitalIdentifier.number, HospitalIdentifier.site_code).where(
            HospitalIdentifier.person_id.in_(persons.group_of(holder.id))
        )
    ).all()
    records.add_identifier(
        opened,
        holder,
        identifier,
        number=max((row.number for row in rows), default=0) + 1,
        is_alias=any(row.site_code == identifier.site for row in rows),
    )


def _take_as_new(arrival: _Arrival, doubts: Sequence[Match]) -> Enrolment:
    """A new person; tentative while somebody known may be the same."""
    opened, newcomer = arrival.opened, arrival.newcomer
    standing = Standing.TENTATIVE if doubts else Standing.ESTABLISHED
    holder = records.add_person(opened, standing)
    record_id = records.add_record(opened, holder, 1, newcomer)
    if newcomer.identifier and arrival.has_free_number:
        records.add_identifier(opened, holder, newcomer.identifier, number=1, is_alias=False)
    if arrival.row:
        sources.remember(arrival.row, record_id)
    waiting = _open_reviews(holder.id, doubts)
    audit.record(
        arrival.actor,
        AuditTag.IDENTITY_DOUBTED if doubts else AuditTag.IDENTITY_ENROLLED,
        f"person:{holder.uid}",
        site_id=arrival.place.site_id,
        missing=newcomer.traits.missing,
        reviews=waiting,
    )
    at_counter.remember(arrival.actor, holder.id, arrival.settled)
    outcome = EnrolmentOutcome.REVIEW if doubts else EnrolmentOutcome.NEW
    return Enrolment(holder.uid, outcome, standing, waiting, newcomer.traits.missing)


def _missing(person: Person) -> tuple[Trait, ...]:
    """The required traits that the person's reference record lacks."""
    missing = vault_session.scalar(
        sa.select(IdentityRecord.missing).where(
            IdentityRecord.person_id == person.id, IdentityRecord.number == person.reference
        )
    )
    return _as_traits(missing or ())


def _as_traits(codes: Iterable[str]) -> tuple[Trait, ...]:
    return tuple(Trait(code) for code in codes)
