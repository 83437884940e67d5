"""Keeping how a person is reached, and reading it where a look was recorded."""

from collections.abc import Collection
from dataclasses import dataclass, fields

import sqlalchemy as sa

from registry import audit
from registry.access import Permission
from registry.crypto.sealing import Place
from registry.identity import records
from registry.identity.contact_data.models import ContactData
from registry.identity.keys import OpenVault
from registry.identity.models import Person
from registry.identity.records import Holder
from registry.identity.subject import subject
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag


@dataclass(frozen=True, repr=False)
class Contact:
    """How a person is reached, in clear, for as long as one call lasts."""

    #: The lines above postal code and town.
    address: str | None = None
    postal_code: str | None = None
    town: str | None = None
    telephone: str | None = None
    other_telephone: str | None = None
    email: str | None = None

    def as_text(self) -> dict[str, str]:
        """What is there, by field."""
        values = {field.name: (getattr(self, field.name) or "").strip() for field in fields(self)}
        return {name: value for name, value in values.items() if value}


@transactional
def record(actor: Actor, person_uid: str, contact: Contact) -> None:
    """Keep how the person is reached from now on; what was known before stays in the vault.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises RuleBroken: the identity was erased.
    :raises InvalidInput: nothing was changed, or a value is too long.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_AMEND, person_uid)
    values = contact.as_text()
    for name, value in values.items():
        if len(value) > limits.ADDRESS_MAX:
            raise InvalidInput(
                T("Use at most {count} characters.", count=limits.ADDRESS_MAX), field=name
            )
    before = latest(who.opened, who.group)
    known = before.as_text() if before else {}
    if values == known:
        raise InvalidInput(T("Nothing was changed."), field="address")
    _write(who.holder, who.place.code, values)
    audit.record(
        actor,
        AuditTag.CONTACT_DATA_RECORDED,
        who.person,
        site_id=who.place.site_id,
        fields=sorted(name for name in {*values, *known} if values.get(name) != known.get(name)),
    )


def _write(person: Holder, site: str, values: dict[str, str]) -> None:
    latest_number = vault_session.scalar(
        sa.select(sa.func.max(ContactData.number)).where(ContactData.person_id == person.id)
    )
    number = (latest_number or 0) + 1
    sealed = {
        name: person.key.seal(text.encode(), _place(name, person.uid, number))
        for name, text in values.items()
    }
    vault_session.add(
        ContactData(
            person_id=person.id,
            number=number,
            site_code=site,
            received_at=clock.now(),
            **sealed,
        )
    )
    vault_session.flush()


def latest(opened: OpenVault, person_ids: Collection[int]) -> Contact | None:
    """How a person and everybody merged into it is reached, as was given last.

    The caller has asked leave and recorded the look.
    """
    row = vault_session.scalars(
        sa.select(ContactData)
        .where(ContactData.person_id.in_(person_ids))
        .order_by(ContactData.received_at.desc(), ContactData.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    person = vault_session.get_one(Person, row.person_id)
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    return Contact(
        **{
            field.name: holder.key.unseal(blob, _place(field.name, holder.uid, row.number)).decode()
            for field in fields(Contact)
            if (blob := getattr(row, field.name)) is not None
        }
    )


def _place(column: str, uid: str, number: int) -> Place:
    return Place(ContactData.__tablename__, column, f"{uid}:{number}")
