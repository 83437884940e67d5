"""Correcting who a person is: a new record becomes the reference, no spelling is lost.

The corrected identity is indexed and compared with everybody like one that
arrives; what vouched for the old spelling lapses in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registry import audit
from registry.access import Permission
from registry.identity import (
    discretion,
    distrust,
    matching,
    numbers,
    records,
    refused_numbers,
    reviews,
    sites,
    traits as received,
)
from registry.identity.candidates import Known
from registry.identity.contact_data.queries import Contact
from registry.identity.events import PersonAmended
from registry.identity.likeness import Likeness
from registry.identity.numbers import HospitalNumber
from registry.identity.qualification.service import strict_trait_amended
from registry.identity.records import Newcomer
from registry.identity.refused_numbers import Refused
from registry.identity.reveal import checked_reason, reveal, seen_by
from registry.identity.subject import Subject, check_version, subject
from registry.identity.traits import HospitalId, Traits
from registry.identity.writing import Writes
from registry.kernel import ages, events
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Distrust, Trait, Verdict
from registry.vocab.national import STRICT_TRAITS, IdentityStatus
from registry.vocab.people import RevealReason


@dataclass(frozen=True, repr=False)
class Amendable:
    """An identity in clear as it is now, to be corrected; the look was recorded."""

    traits: Traits
    contact: Contact
    numbers: Sequence[HospitalNumber]
    #: Those that were found not to be the person's.
    refused: Sequence[Refused]
    version: int


@dataclass(frozen=True)
class Amendment:
    """What a correction changed, and what it led to."""

    changed: tuple[Trait, ...]
    #: The status, when a strict trait was corrected.
    lowered_to: IdentityStatus | None
    #: Whom the corrected identity may be, to be decided.
    reviews: tuple[int, ...]


@transactional
def open_for_amendment(actor: Actor, person_uid: str, *, reason: str) -> Amendable:
    """The identity as the actor may see it.  Who looked and why is recorded before.

    Raises as `reveal` does.
    """
    seen = reveal(actor, person_uid, reason=reason, kind=RevealReason.CORRECTION)
    who = subject(actor, Permission.IDENTITY_AMEND, person_uid)
    contact = seen.contact or Contact(postal_code=seen.traits.postal_code, town=seen.traits.town)
    visible = {number.identifier for number in seen.numbers}
    shown = [number for number in numbers.of(who) if number.identifier in visible]
    own = sites.codes_where_allowed(actor, Permission.IDENTITY_AMEND)
    refused = [one for one in refused_numbers.of(who) if one.identifier.site in own]
    return Amendable(seen.traits, contact, shown, refused, who.person.version)


@transactional
def amend(
    actor: Actor, person_uid: str, *, traits: Traits, reason: str, expected_version: int
) -> Amendment:
    """Make `traits` the person's identity; every spelling it had before stays in the vault.

    A spelling with a strict trait that is corrected away finds the person still, but
    nobody is taken for the person by it alone.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises RuleBroken: the identity was erased.
    :raises InvalidInput: the traits cannot be a person's or are as the actor sees them, or
        the reason is none or says who the person is.
    :raises Stale: the identity was changed since it was shown.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_AMEND, person_uid)
    check_version(who.person.version, expected_version)
    before, seen = who.traits(), seen_by(actor, who.opened, who.person, who.group).traits
    site, identifier = _received(actor, who)
    received.check(traits, identifier)
    reason = checked_reason(reason)
    for known in (before, seen, traits):
        discretion.check_reason(actor, who.person, reason, known, who.numbers())
    changed = _changed(seen, traits)
    if not changed:
        raise InvalidInput(T("Nothing was changed."), field="birth_name")
    newcomer = Newcomer.of(traits, identifier, site)
    who.person.reference = _spelling(who, newcomer)
    vault_session.flush()
    distrust.supersede(who, seen, traits)
    is_strict = not {*changed, *_changed(before, traits)}.isdisjoint(STRICT_TRAITS)
    lowered_to = strict_trait_amended(who.person.id) if is_strict else None
    waiting = _ask_about_others(who, newcomer.likeness)
    audit.record(
        actor,
        AuditTag.IDENTITY_AMENDED,
        who.person,
        reason=reason,
        site_id=who.place.site_id,
        fields=changed,
        status=lowered_to,
        reviews=waiting,
    )
    events.publish(
        PersonAmended(
            actor,
            who.person.uid,
            birth_year=traits.birth_date.year if traits.birth_date else None,
            adult_from=ages.adult_from(traits.birth_date),
            sex=traits.sex,
            is_incomplete=bool(traits.missing),
        )
    )
    return Amendment(changed, lowered_to, waiting)


def _received(actor: Actor, who: Subject) -> tuple[str, HospitalId | None]:
    """Where the correction is received, and the number it comes with: as the reference did,
    unless that number was refused since; or at a site of the actor's who may not correct there.
    """
    reference = who.reference
    if reference.site_code not in sites.codes_where_allowed(actor, Permission.IDENTITY_AMEND):
        return who.place.code, None
    if distrust.is_distrusted(reference.id, Distrust.NUMBER):
        return reference.site_code, None
    return reference.site_code, records.open_received_number(who.holder, reference)


def _changed(before: Traits, after: Traits) -> tuple[Trait, ...]:
    was, now = before.as_text(), after.as_text()
    return tuple(trait for trait in Trait if was.get(trait) != now.get(trait))


def _spelling(who: Subject, newcomer: Newcomer) -> int:
    """The number of the person's record with this content; the very same is not kept twice."""
    digests = records.content_digests(who.opened, who.person.uid, newcomer)
    writes = Writes(who.opened, expected=1)
    dossier = writes.dossier(Known.of(who.person))
    for number, spelling in dossier.spellings.items():
        if spelling.content_digest in digests:
            return number
    writes.add_spelling(dossier, newcomer, who.opened.tokens_to_write(newcomer.likeness))
    writes.write()
    return max(dossier.spellings)


def _ask_about_others(who: Subject, likeness: Likeness) -> tuple[int, ...]:
    """Have somebody decide about each person whom the corrected identity may be."""
    perhaps = [
        match
        for match in matching.find(who.opened, likeness).matches
        if match.person.id != who.person.id and match.verdict is not Verdict.NEW
    ]
    opened = [
        reviews.open_between(who.person.id, match)
        for match in perhaps[: limits.IDENTITY_REVIEWS_MAX]
    ]
    return tuple(review for review in opened if review is not None)
