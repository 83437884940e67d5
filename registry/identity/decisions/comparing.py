"""Both identities of a pair side by side: recorded before they are shown."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from registry import audit
from registry.access import Permission, require
from registry.identity import discretion, pace, persons, records
from registry.identity.decisions.spellings import matched
from registry.identity.decisions.undoing import merge_of
from registry.identity.models import MatchReview, Person
from registry.identity.opening import open_to_read
from registry.identity.reveal import Identity, check_not_erased, checked_reason, in_clear
from registry.identity.reviews import Review, at_actors_sites, shown
from registry.kernel.actor import Actor
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Trait


@dataclass(frozen=True, repr=False)
class SideBySide:
    """Both identities of a review in clear: shown, never stored, never logged."""

    review: Review
    first: Identity
    second: Identity


@transactional
def compare(actor: Actor, review_id: int, *, reason: str) -> SideBySide:
    """Both identities of a review.  Who looked and why is recorded before they are returned.

    Of several spellings, those are shown that agree as the review says.  Of two
    who were merged, each is shown as if they were two still.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such review at the actor's sites.
    :raises RuleBroken: one of them was erased.
    :raises InvalidInput: no reason is given, or it says who one of them is.
    :raises TooManyAttempts: the actor has looked at too many in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.IDENTITY_REVIEW)
    opened = open_to_read()
    pair, first, second = at_actors_sites(actor, vault_session.get(MatchReview, review_id))
    reason = checked_reason(reason)
    for person in (first, second):
        check_not_erased(person)
    pace.check(actor, pace.LOOKS, pair)
    sides = _sides(pair)
    references = [in_clear(opened, person, group=group) for person, group in sides]
    one, other = (
        replace(
            reference,
            traits=records.open_record(spelling.holder, spelling.record),
            missing=[Trait(trait) for trait in spelling.record.missing],
        )
        for reference, spelling in zip(references, matched(opened, pair, sides), strict=True)
    )
    for side in (*references, one, other):
        discretion.check_reason(actor, pair, reason, side.traits, side.numbers)
    audit.record(
        actor,
        AuditTag.IDENTITY_COMPARED,
        pair,
        reason=reason,
        persons=[one.person_uid, other.person_uid],
    )
    return SideBySide(shown(pair, first, second), one, other)


def _sides(pair: MatchReview) -> list[tuple[Person, Collection[int]]]:
    """Each side and the persons whose numbers are its own."""
    roots = [persons.root_of(one) for one in (pair.first_id, pair.second_id)]
    if roots[0] is not roots[1]:
        return [(root, persons.group_of(root.id)) for root in roots]
    made = merge_of(pair)
    whole = persons.group_of(roots[0].id)
    apart = set() if made is None else persons.group_of(made.merged_id)
    sides: list[tuple[Person, Collection[int]]] = []
    for one in (pair.first_id, pair.second_id):
        group = apart if one in apart else whole - apart
        sides.append((vault_session.get_one(Person, one), group))
    return sides
