"""Links by which a participant reads the dossier at home: made, given a code, opened, revoked.

Of the address only the SHA-256 is kept, of the code a digest under a key that
is not in the database.  A code is tried under the link's own lock and counted
before the answer is given; a wrong one is counted for good.  Whoever fails
learns nothing: an unknown address, a wrong code and a link that is over get
the same answer.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts import links
from registry.accounts.links import is_of
from registry.dossiers import policies
from registry.dossiers.models import DossierLink
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.participants.service import survivor
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.dossiers import LinkState

__all__ = ["GATE", "Made", "holder", "is_of", "make", "make_code", "revoke", "unlock"]

#: Who acts before anybody is known.
GATE = Actor.system("dossier")

_PURPOSE = "dossier code"


@dataclass(frozen=True, repr=False)
class Made:
    """A link just made, with the part of its address that nobody can learn again."""

    link: DossierLink
    token: str


@transactional
def make(actor: Actor, participant_id: int, *, days: int = limits.LINK_DAYS) -> Made:
    """A link that ends after `days`; it opens once it has a code.

    :raises InvalidInput: too many days.
    :raises RuleBroken: the participant is merged into another.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.DOSSIER_ANSWER, participant)
    check_is_not_merged(participant)
    now = clock.now()
    expires_at = links.expiry(now, days)
    token = links.new_token()
    link = DossierLink(
        participant=participant,
        token_digest=links.digest(token),
        created_at=now,
        created_by_id=actor.id,
        expires_at=expires_at,
        wrong_codes=0,
    )
    registry_session.add(link)
    registry_session.flush()
    audit.record(actor, AuditTag.LINK_MADE, participant, link=link.id, expires_at=link.expires_at)
    return Made(link, token)


@transactional
def make_code(actor: Actor, link_id: int) -> str:
    """The link's code, which is told this once.

    :raises RuleBroken: it was told before, or the link is over.
    """
    link = lock_row(DossierLink, link_id)
    require(actor, Permission.DOSSIER_ANSWER, link)
    policies.check_takes_code(link)
    code = links.new_code()
    link.code_digest = links.code_digest(_PURPOSE, link.token_digest, code)
    audit.record(actor, AuditTag.LINK_CODE_MADE, link.participant, link=link.id)
    return code


@transactional
def revoke(actor: Actor, link_id: int) -> DossierLink:
    """End the link at once; whoever reads by it can read no further."""
    link = lock_row(DossierLink, link_id)
    require(actor, Permission.DOSSIER_ANSWER, link)
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        audit.record(actor, AuditTag.LINK_REVOKED, link.participant, link=link.id)
    return link


def unlock(token: str, code: str, *, address: str) -> int:
    """The id of the link of this address, if the code is its own; the opening is recorded.

    :raises TooManyAttempts: too many have failed lately by this link or from this address.
    :raises Unauthenticated: anything else is wrong.
    """
    return links.within_limits(
        token,
        address,
        lambda digest: _tried(digest, code),
        wrong=T(
            "This address and this code do not open anything: one of them is wrong, or the "
            "link has ended. Look at both letters again, or ask for a new link."
        ),
    )


@transactional
def _tried(digest: str, code: str) -> int | None:
    """The link if the code opens it; a wrong code stays counted and recorded."""
    require(GATE, Permission.DOSSIER_UNLOCK)
    link_id = registry_session.scalar(
        sa.select(DossierLink.id).where(DossierLink.token_digest == digest)
    )
    link = None if link_id is None else lock_row(DossierLink, link_id)
    if link is None or links.state_of(link) is not LinkState.OPEN:
        audit.record(GATE, AuditTag.LINK_REFUSED, link or "link:unknown")
        return None
    if not links.is_code(link, _PURPOSE, code):
        link.wrong_codes += 1
        audit.record(GATE, AuditTag.LINK_REFUSED, link, wrong_codes=link.wrong_codes)
        return None
    link.opened_at = clock.now()
    actor = _holder(link)
    audit.record(actor, AuditTag.LINK_OPENED, survivor(link.participant), link=link.id)
    return link.id


def holder(link_id: int) -> tuple[Actor, Participant] | None:
    """Who reads by the link, and about whom; None once it is over."""
    link = registry_session.get(DossierLink, link_id, populate_existing=True)
    if link is None or links.state_of(link) is not LinkState.OPEN:
        return None
    return _holder(link), survivor(link.participant)


def _holder(link: DossierLink) -> Actor:
    """The participant at home; since a merge, whoever stands for the participant."""
    return Actor.at_home(link.id, survivor(link.participant).audit_ref)
