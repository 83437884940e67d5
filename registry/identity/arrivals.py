"""Identities at the door: what is handed in, and what is refused before the vault is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.access import Permission, require
from registry.identity import sites
from registry.identity.decided import Decided
from registry.identity.records import Newcomer
from registry.identity.sites import AtSite
from registry.identity.sources import Row
from registry.identity.traits import HospitalId, SourceRef, Traits, check
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError


@dataclass(frozen=True, repr=False)
class Arrival:
    """An identity that is handed in: at the hospital identifier's site, or at `site`."""

    traits: Traits
    hospital_identifier: HospitalId | None = None
    source: SourceRef | None = None
    site: str | None = None
    #: What somebody has decided about persons it resembles.
    decided: Decided = field(default_factory=dict)


@dataclass(slots=True, repr=False)
class Case:
    """An arrival that was let in, with what is worked out for it."""

    arrival: Arrival
    place: AtSite
    newcomer: Newcomer
    #: The row of another system that it was read from.
    row: Row | None = None
    #: Everything it is found by.
    tokens: Sequence[int] = field(default=())


def admit(actor: Actor, arrivals: Sequence[Arrival]) -> list[Case | DomainError]:
    """Each arrival that the actor may hand in and that can be a person's; why others are refused.

    Leave is asked once for each site.
    """
    places: dict[str | None, AtSite | DomainError] = {}
    admitted: list[Case | DomainError] = []
    for arrival in arrivals:
        number = arrival.hospital_identifier
        code = number.site if number else arrival.site
        if code not in places:
            places[code] = _place(actor, code)
        place = places[code]
        admitted.append(place if isinstance(place, DomainError) else _case(arrival, place))
    return admitted


def _place(actor: Actor, code: str | None) -> AtSite | DomainError:
    try:
        place = sites.site(code)
        require(actor, Permission.IDENTITY_ENROL, place)
    except DomainError as error:
        return error
    return place


def _case(arrival: Arrival, place: AtSite) -> Case | DomainError:
    number = arrival.hospital_identifier
    identifier = HospitalId(place.code, number.number) if number else None
    try:
        check(arrival.traits, identifier)
    except DomainError as error:
        return error
    return Case(arrival, place, Newcomer.of(arrival.traits, identifier, place.code))
