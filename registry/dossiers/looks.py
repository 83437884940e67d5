"""Who saw who the participant is: when, in which function, at which site, and what for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from registry.accounts import queries as accounts
from registry.accounts.models import RoleGrant
from registry.audit import looks
from registry.audit.looks import Wanted, Whose
from registry.audit.models import AuditEntry
from registry.consents.signing.models import Consent
from registry.identity import references
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import Message, T
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag
from registry.vocab.consent import ProofReason
from registry.vocab.labels import label
from registry.vocab.people import ContactPurpose, RevealReason, Role
from registry.vocab.pseudonyms import ReversalReason

#: The journal is read on the participant's behalf, who has no account.
_READER = Actor.system("dossier")

_KINDS: Mapping[str, type[StrEnum]] = {
    AuditTag.IDENTITY_REVEALED: RevealReason,
    AuditTag.CONTACTS_EXPORTED: ContactPurpose,
    AuditTag.PSEUDONYM_REVERSED: ReversalReason,
    AuditTag.CONSENT_PROOF_OPENED: ProofReason,
}
_COMPARED = T("To find out whether two records are the same person’s")
_NOT_SAID = T("Not recorded in a form that can be told")
#: The functions in which identities are seen, the most telling first.
_FUNCTIONS = (Role.IDENTITY_OFFICER, Role.NURSE, Role.DPO)


@dataclass(frozen=True)
class Look:
    """Somebody saw who the participant is."""

    at: datetime
    function: Message
    site: str | None
    what: Message
    why: Message


def at(everyone: Collection[int]) -> list[Look]:
    """Every look at the participant, latest first; in a unit of work, and itself recorded."""
    entries = _entries(everyone)
    functions = _functions({one.actor_id for one in entries if one.actor_id is not None})
    places = {site.id: site.name for site in accounts.sites()}
    return [
        Look(
            at=one.at,
            function=_function(one, functions),
            site=places.get(one.site_id or 0),
            what=label(AuditTag(one.tag)),
            why=_why(one),
        )
        for one in entries
    ]


def _entries(everyone: Collection[int]) -> Sequence[AuditEntry]:
    found: dict[int, AuditEntry] = {}
    for participant in registry_session.scalars(
        sa.select(Participant).where(Participant.id.in_(everyone)).order_by(Participant.id)
    ):
        refs = {participant.audit_ref, *_of_person(participant), *_of_papers(participant)}
        wanted = Wanted(of=Whose(refs, participant.code))
        found |= {entry.seq: entry for entry in looks.everything(_READER, wanted)}
    return [found[seq] for seq in sorted(found, reverse=True)]


def _of_person(participant: Participant) -> Collection[str]:
    """What the journal calls the person; nothing when the vault does not know anybody."""
    try:
        return references.refs_of(_READER, participant.person_uid)
    except NotFound:
        return ()


def _of_papers(participant: Participant) -> Collection[str]:
    """What the journal calls the participant's signed forms."""
    ids = registry_session.scalars(
        sa.select(Consent.id).where(Consent.participant_id == participant.id)
    )
    return [f"consent:{one}" for one in ids]


def _functions(account_ids: Collection[int]) -> dict[int, Role]:
    """The function that each account has in matters of identity."""
    held: dict[int, set[Role]] = {}
    for account_id, role in registry_session.execute(
        sa.select(RoleGrant.user_id, RoleGrant.role).where(RoleGrant.user_id.in_(account_ids))
    ):
        held.setdefault(account_id, set()).add(role)
    order = [*_FUNCTIONS, *(role for role in Role if role not in _FUNCTIONS)]
    return {
        account_id: next(role for role in order if role in roles)
        for account_id, roles in held.items()
    }


def _function(entry: AuditEntry, functions: Mapping[int, Role]) -> Message:
    if entry.details.get("officer"):
        return label(Role.IDENTITY_OFFICER)
    if entry.actor_id is None:
        return T("Operator of the registry")
    role = functions.get(entry.actor_id)
    return T("Staff, no longer in function") if role is None else label(role)


def _why(entry: AuditEntry) -> Message:
    if entry.tag == AuditTag.IDENTITY_COMPARED:
        return _COMPARED
    kinds, code = _KINDS.get(entry.tag), entry.details.get("kind")
    return label(kinds(code)) if kinds is not None and code in set(kinds) else _NOT_SAID
