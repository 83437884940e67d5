"""Asking whether a person is already known, without learning who is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry import audit
from registry.access import Permission, require
from registry.identity import matching, pace, scoring, sites, traits as received
from registry.identity.likeness import Likeness
from registry.identity.matching import Findings, Match
from registry.identity.opening import open_to_read
from registry.identity.traits import HospitalId, Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import REQUIRED_TRAITS, Agreement, Compared, Standing, Verdict

_TRAITS_MIN = 2


@dataclass(frozen=True)
class Found:
    """Somebody who may be the person: a pseudonym, and how far each field agrees."""

    person_uid: str
    standing: Standing
    agreement: Mapping[Compared, Agreement]
    verdict: Verdict
    #: An identity handed in now would be taken for this person without asking.
    is_certain: bool = False


@transactional
def search(
    actor: Actor, *, traits: Traits, hospital_identifier: HospitalId | None = None
) -> Sequence[Found]:
    """The known persons that the traits may be of, the likeliest first.

    That a search was made, with which fields and how many it found, is
    recorded; the values are not.

    :raises NotPermitted: the actor may not search.
    :raises InvalidInput: the fields are too few to search by, or out of range.
    :raises TooManyAttempts: the actor has searched too often in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.IDENTITY_SEARCH)
    opened = open_to_read()
    received.check_values(traits, hospital_identifier)
    _check_enough(traits, hospital_identifier)
    pace.check(actor, pace.SEARCHES, "vault:search")
    if hospital_identifier:
        hospital_identifier = HospitalId(
            hospital_identifier.site.upper(), hospital_identifier.number
        )
    findings = matching.find(opened, Likeness.of(traits, hospital_identifier))
    shown = [
        match
        for match in findings.matches
        if match.has_number or match.comparison.bits >= scoring.SHOWN_BITS
    ]
    return _told(actor, traits, hospital_identifier, findings, shown)


@transactional
def look_alikes(
    actor: Actor,
    *,
    traits: Traits,
    hospital_identifier: HospitalId | None = None,
    site: str | None = None,
) -> Sequence[Found]:
    """Whom `enrol` would take this identity for, or ask about, if it were handed in now.

    The one it would be taken for alone, else everybody asked about, the
    likeliest first.  A look at the vault like a search: recorded and limited as one.

    :raises NotPermitted: the actor may not search, or hand in identities at this site.
    :raises InvalidInput: the traits cannot be a person's, or are too few.
    :raises TooManyAttempts: the actor has searched too often in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.IDENTITY_SEARCH)
    place = sites.site(hospital_identifier.site if hospital_identifier else site)
    require(actor, Permission.IDENTITY_ENROL, place)
    opened = open_to_read()
    identifier = HospitalId(place.code, hospital_identifier.number) if hospital_identifier else None
    received.check(traits, identifier)
    pace.check(actor, pace.SEARCHES, "vault:search")
    findings = matching.find(opened, Likeness.of(traits, identifier))
    decision = matching.decide(findings)
    if decision.attach_to is not None:
        taken_for = [decision.attach_to]
        return _told(actor, traits, identifier, findings, taken_for, are_certain=True)
    return _told(actor, traits, identifier, findings, decision.doubts)


def _told(
    actor: Actor,
    traits: Traits,
    identifier: HospitalId | None,
    findings: Findings,
    matches: Sequence[Match],
    *,
    are_certain: bool = False,
) -> Sequence[Found]:
    """The first of `matches` without their identities, once it is recorded that they were shown."""
    shown = [
        Found(
            match.person.uid,
            match.person.standing,
            match.comparison.levels,
            match.verdict,
            are_certain,
        )
        for match in matches[: limits.IDENTITY_FOUND_MAX]
    ]
    fields = [trait.value for trait in traits.as_text()]
    audit.record(
        actor,
        AuditTag.IDENTITY_SEARCHED,
        "vault:search",
        fields=[*fields, *(["hospital_identifier"] if identifier else [])],
        compared=findings.opened,
        found=len(shown),
    )
    return shown


def _check_enough(traits: Traits, identifier: HospitalId | None) -> None:
    """A single trait would list everybody who shares it."""
    given = len(REQUIRED_TRAITS) - len(traits.missing)
    if identifier is None and given < _TRAITS_MIN:
        raise InvalidInput(
            T("Give the hospital identifier, or two of birth name, given names and birth date."),
            field="birth_name",
        )
