"""Recording partners' codes, and finding who bears one: both ways recorded."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.crypto.encoding import framed
from registry.crypto.sealing import Place
from registry.identity import discretion, normalise, pace, persons, records, sites
from registry.identity.keys import KeyedIndex, OpenVault
from registry.identity.models import Person
from registry.identity.opening import open_to_read, open_to_write, wait_for_turn
from registry.identity.pseudonyms.models import ForeignPseudonym
from registry.identity.reveal import check_not_erased, checked_reason, in_clear
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.people import SiteKind

TABLE = ForeignPseudonym.__tablename__
_UID_BYTES = 16


@dataclass(frozen=True, repr=False)
class PartnerCode:
    """The code under which a partner knows a person."""

    uid: str
    partner: str
    code: str
    recorded_at: datetime
    retired_at: datetime | None


def index_of(opened: OpenVault) -> KeyedIndex:
    """The blind index of partners' codes."""
    return opened.index(TABLE, "value")


def indexed(partner: str, code: str) -> bytes:
    """What is indexed of a code: case, spaces and separators do not matter."""
    return framed(partner.encode(), normalise.number(code).encode())


def place_of(uid: str) -> Place:
    """Where a partner's code is stored."""
    return Place(TABLE, "value", uid)


@transactional
def add(actor: Actor, person_uid: str, *, partner: str, code: str) -> bool:
    """Record that a partner knows the person under this code; false when that was known.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: there is no such partner, or the code is none.
    :raises RuleBroken: the code is another person's, the person has another one
        with this partner, or was erased.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.FOREIGN_PSEUDONYM_EDIT)
    opened = open_to_write()
    wait_for_turn()
    person, place, group = _reached(actor, Permission.FOREIGN_PSEUDONYM_EDIT, person_uid)
    partner, code = partner_named(partner), _checked(code)
    known = _bearer(opened, partner, code)
    if known is not None:
        if known.person_id in group:
            return False
        raise RuleBroken(
            T(
                "{partner} uses this code for another person. Check it; if the two are one "
                "person, that must be decided first.",
                partner=partner,
            ),
            field="code",
        )
    _check_has_none(group, partner)
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    uid = secrets.token_hex(_UID_BYTES)
    row = ForeignPseudonym(
        uid=uid,
        person_id=person.id,
        partner=partner,
        value_index=index_of(opened).digest(indexed(partner, code)),
        index_number=opened.index_number,
        value=holder.key.seal(code.encode(), place_of(uid)),
        recorded_at=clock.now(),
        recorded_by=actor.login,
    )
    vault_session.add(row)
    vault_session.flush()
    audit.record(
        actor,
        AuditTag.FOREIGN_PSEUDONYM_ADDED,
        person,
        site_id=place.site_id,
        partner=partner,
        row=uid,
    )
    return True


@transactional
def retire(actor: Actor, person_uid: str, row_uid: str, *, reason: str) -> None:
    """Let a partner's code no longer be this person's: it can then be another's.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites, or no such code of theirs.
    :raises RuleBroken: it was retired before.
    :raises InvalidInput: no reason is given, or it says who the person is or tells a code.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.FOREIGN_PSEUDONYM_EDIT)
    opened = open_to_write()
    person, place, group = _reached(actor, Permission.FOREIGN_PSEUDONYM_EDIT, person_uid)
    row = vault_session.scalar(
        sa.select(ForeignPseudonym).where(
            ForeignPseudonym.uid == row_uid, ForeignPseudonym.person_id.in_(group)
        )
    )
    if row is None:
        raise NotFound(T("The participant has no such partner’s code."))
    if row.retired_at is not None:
        raise RuleBroken(T("This code was retired before."))
    reason = checked_reason(reason)
    shown = in_clear(opened, person)
    codes = [one.code for one in _codes(opened, group)]
    discretion.check_reason(actor, person, reason, shown.traits, shown.numbers, codes=codes)
    row.retired_at, row.retired_by = clock.now(), actor.login
    vault_session.flush()
    audit.record(
        actor,
        AuditTag.FOREIGN_PSEUDONYM_RETIRED,
        person,
        reason=reason,
        site_id=place.site_id,
        partner=row.partner,
        row=row.uid,
    )


@transactional
def of_person(actor: Actor, person_uid: str) -> Sequence[PartnerCode]:
    """Under which codes partners know the person, those in use first; that they were read
    is recorded.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises RuleBroken: the identity was erased.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.FOREIGN_PSEUDONYM_READ)
    opened = open_to_read()
    person, place, group = _reached(actor, Permission.FOREIGN_PSEUDONYM_READ, person_uid)
    found = _codes(opened, group)
    read, tag = [one.uid for one in found], AuditTag.FOREIGN_PSEUDONYM_READ
    audit.record(actor, tag, person, site_id=place.site_id, rows=read)
    return sorted(found, key=lambda one: one.retired_at is not None)


def _codes(opened: OpenVault, group: Collection[int]) -> list[PartnerCode]:
    """The codes of a person and of everybody merged into it, in clear."""
    rows = vault_session.scalars(
        sa.select(ForeignPseudonym)
        .where(ForeignPseudonym.person_id.in_(group))
        .order_by(ForeignPseudonym.partner, ForeignPseudonym.id)
    ).all()
    holders = {
        one.id: records.holder(opened, one.id, one.uid, one.wrapped_key)
        for one in vault_session.scalars(
            sa.select(Person).where(Person.id.in_({row.person_id for row in rows}))
        )
    }
    return [
        PartnerCode(
            row.uid,
            row.partner,
            holders[row.person_id].key.unseal(row.value, place_of(row.uid)).decode(),
            row.recorded_at,
            row.retired_at,
        )
        for row in rows
    ]


@transactional
def find(actor: Actor, *, partner: str, code: str) -> str | None:
    """The person whom a partner knows under this code, if at one of the actor's sites.

    That it was asked, and whether somebody was found, is recorded; the code is not.

    :raises NotPermitted: the actor's roles never allow it.
    :raises InvalidInput: there is no such partner, or the code is none.
    :raises TooManyAttempts: the actor has asked too often in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.FOREIGN_PSEUDONYM_READ)
    opened = open_to_read()
    partner, code = partner_named(partner), _checked(code)
    pace.check(actor, pace.PARTNER_CODES, f"partner:{partner}")
    row = _bearer(opened, partner, code)
    person = None if row is None else persons.root_of(row.person_id)
    if person is not None:
        allowed = sites.codes_where_allowed(actor, Permission.FOREIGN_PSEUDONYM_READ)
        if not allowed & persons.sites_of(persons.group_of(person.id)):
            person = None
    audit.record(
        actor,
        AuditTag.FOREIGN_PSEUDONYM_SOUGHT,
        f"partner:{partner}" if person is None else person,
        partner=partner,
        found=person is not None,
    )
    return None if person is None else person.uid


def partners() -> Sequence[Site]:
    """The partners whose codes can be recorded, by name."""
    return registry_session.scalars(
        sa.select(Site).where(Site.kind == SiteKind.PARTNER).order_by(Site.name)
    ).all()


def _reached(
    actor: Actor, permission: Permission, person_uid: str
) -> tuple[Person, sites.AtSite, set[int]]:
    """The person, where the actor may reach it, and everybody merged into it."""
    person = persons.by_uid(person_uid)
    check_not_erased(person)
    group = persons.group_of(person.id)
    return person, sites.require_at_any(actor, permission, persons.sites_of(group)), group


def partner_named(code: str) -> str:
    """The code of the partner's site, as it is kept.

    :raises InvalidInput: no site of a partner has this code.
    """
    found = registry_session.scalar(
        sa.select(Site.code).where(Site.code == code.upper(), Site.kind == SiteKind.PARTNER)
    )
    if found is None:
        raise InvalidInput(
            T("There is no partner with this code. Open it first among the sites."),
            field="partner",
        )
    return found


def _checked(code: str) -> str:
    code = code.strip()
    if not normalise.number(code) or len(code) > limits.CODE_MAX:
        raise InvalidInput(
            T("A partner’s code has letters or digits, at most {count}.", count=limits.CODE_MAX),
            field="code",
        )
    return code


def _bearer(opened: OpenVault, partner: str, code: str) -> ForeignPseudonym | None:
    """The row in use of this code, whichever number of the index key it was written with."""
    return vault_session.scalar(
        sa.select(ForeignPseudonym).where(
            ForeignPseudonym.partner == partner,
            ForeignPseudonym.value_index.in_(index_of(opened).digests(indexed(partner, code))),
            ForeignPseudonym.retired_at.is_(None),
        )
    )


def _check_has_none(group: set[int], partner: str) -> None:
    known = vault_session.scalar(
        sa.select(ForeignPseudonym.id)
        .where(
            ForeignPseudonym.person_id.in_(group),
            ForeignPseudonym.partner == partner,
            ForeignPseudonym.retired_at.is_(None),
        )
        .limit(1)
    )
    if known is not None:
        raise RuleBroken(
            T(
                "The participant has another code with {partner}. Retire that one first.",
                partner=partner,
            ),
            field="code",
        )
