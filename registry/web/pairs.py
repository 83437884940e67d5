"""What the pages about pairs of identities share: codes, places, and whom to call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.accounts import queries as accounts
from registry.accounts.queries import Person
from registry.identity import service as identity
from registry.identity.service import Review
from registry.kernel.actor import Actor
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.people import Role
from registry.web.forms.reviews import ReviewListForm


@dataclass
class Listing:
    """Some pairs with the participants that their persons are, and where the next page begins."""

    reviews: list[Review] = field(default_factory=list)
    known: dict[str, list[Participant]] = field(default_factory=dict)
    next_skip: int | None = None


def waiting(actor: Actor, form: ReviewListForm, skip: int) -> Listing:
    """The pairs that the form asks for.

    Cohorts are the registry's and pairs the vault's: pages are read on until
    one has enough pairs of the cohort.
    """
    listing, chosen = Listing(), form.cleaned
    sites = {site.id: site.code for site in accounts.sites()}
    cohort_id, size = chosen.get("cohort_id"), limits.PAGE_ROWS
    while len(listing.reviews) < size:
        found = identity.open_reviews(
            actor,
            site=sites.get(chosen.get("site_id") or 0),
            since=chosen.get("since"),
            skip=skip,
            limit=size + 1,
        )
        known = participants_of(actor, found[:size])
        listing.known |= known
        listing.reviews += [
            one for one in found[:size] if cohort_id is None or _is_in(one, known, cohort_id)
        ]
        skip += size
        if len(found) <= size:
            return listing
    listing.next_skip = skip
    return listing


def _is_in(review: Review, known: Mapping[str, Sequence[Participant]], cohort_id: int) -> bool:
    both = (*known[review.first_uid], *known[review.second_uid])
    return any(participant.cohort_id == cohort_id for participant in both)


def participants_of(
    actor: Actor, reviews: Iterable[Review], *, with_merged: bool = False
) -> dict[str, list[Participant]]:
    """The participants that the persons are at the actor's sites, by person."""
    uids = {uid for review in reviews for uid in (review.first_uid, review.second_uid)}
    known: dict[str, list[Participant]] = {uid: [] for uid in uids}
    for participant in participants.of_persons(actor, uids, with_merged=with_merged):
        known[participant.person_uid].append(participant)
    return known


def site_names() -> Mapping[str, str]:
    """What each site is called, by its code."""
    return {site.code: site.name for site in accounts.sites()}


def officers() -> Sequence[Person]:
    """Whom to call about a pair across two hospitals."""
    return accounts.holders(Role.IDENTITY_OFFICER)
