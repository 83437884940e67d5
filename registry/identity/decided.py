"""What was decided about look-alikes while the person was still at the counter.

The decision comes with the identity, before the new person exists; it is
recorded like one taken in the review list, and asks for the same leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from registry import audit
from registry.access import Permission
from registry.identity import persons, reviews, sites
from registry.identity.decisions import service as decisions
from registry.identity.matching import Match
from registry.identity.sites import AtSite
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome

#: person_uid → whether the identity is that person's.
Decided = Mapping[str, ReviewOutcome]
NOTHING_DECIDED: Decided = MappingProxyType({})


@dataclass(frozen=True)
class Settled:
    """The matches that somebody decided about: the one it is, those it is not."""

    same: Match | None
    different: Sequence[Match]

    @property
    def person_ids(self) -> set[int]:
        """Everybody who was decided about."""
        return {match.person.id for match in (*self.different, *([self.same] if self.same else []))}


_NOTHING_SETTLED = Settled(None, ())


def settled(actor: Actor, decided: Decided, matches: Sequence[Match], place: AtSite) -> Settled:
    """What `decided` says of `matches`; leave to review is asked at every site concerned.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: it is said to be two persons, or neither the same nor different.
    :raises RuleBroken: a person decided about does not resemble the identity, or the hospital
        number was found not to be the one's that it is said to be.
    """
    if not decided:
        return _NOTHING_SETTLED
    found = {match.person.id: match for match in matches}
    said: dict[ReviewOutcome, list[Match]] = {ReviewOutcome.SAME: [], ReviewOutcome.DIFFERENT: []}
    for uid, outcome in decided.items():
        person = persons.by_uid(uid)
        concerned = persons.sites_of(persons.group_of(person.id)) | {place.code}
        sites.require_at_all(actor, Permission.IDENTITY_REVIEW, concerned)
        if outcome not in said:
            raise InvalidInput(T("Choose same or different."), field="decided")
        if person.id not in found:
            raise RuleBroken(
                T("A person decided about does not resemble this identity. Search again.")
            )
        if found[person.id] not in said[outcome]:
            said[outcome].append(found[person.id])
    same, different = said[ReviewOutcome.SAME], said[ReviewOutcome.DIFFERENT]
    if len(same) > 1 or (same and same[0] in different):
        raise InvalidInput(T("An identity is that of one person. Choose one."), field="decided")
    if same and same[0].is_number_refused:
        raise RuleBroken(
            T(
                "Somebody found that this hospital number is not the chosen person's. Leave it "
                "out, or say first that it is theirs after all."
            ),
            field="hospital_identifier",
        )
    return Settled(same[0] if same else None, different)


def remember(actor: Actor, person_id: int, what: Settled) -> None:
    """Keep for good what was decided about the person that the identity became part of."""
    if what.same is not None:
        audit.record(
            actor,
            AuditTag.REVIEW_DECIDED,
            what.same.person,
            outcome=ReviewOutcome.SAME,
            levels=what.same.comparison.levels,
            at_enrolment=True,
        )
    for match in what.different:
        review_id = reviews.open_between(person_id, match)
        if review_id is not None:
            decisions.decide_review(actor, review_id, ReviewOutcome.DIFFERENT)
