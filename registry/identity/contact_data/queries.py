"""Reading how a person is reached, where a look was recorded."""

from collections.abc import Collection
from dataclasses import dataclass, fields

import sqlalchemy as sa

from registry.crypto.sealing import Place
from registry.identity import records
from registry.identity.contact_data.models import ContactData
from registry.identity.keys import OpenVault
from registry.identity.models import Person
from registry.persistence import vault_session


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


def latest(
    opened: OpenVault, person_ids: Collection[int], *, received_at: Collection[str]
) -> Contact | None:
    """How a person and everybody merged into it is reached, as one of these sites was told last.

    The caller has asked leave and recorded the look.
    """
    row = vault_session.scalars(
        sa.select(ContactData)
        .where(ContactData.person_id.in_(person_ids), ContactData.site_code.in_(received_at))
        .order_by(ContactData.received_at.desc(), ContactData.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    person = vault_session.get_one(Person, row.person_id)
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    return Contact(
        **{
            field.name: holder.key.unseal(blob, place(field.name, holder.uid, row.number)).decode()
            for field in fields(Contact)
            if (blob := getattr(row, field.name)) is not None
        }
    )


def place(column: str, uid: str, number: int) -> Place:
    """Where a value of a person's contact data is stored."""
    return Place(ContactData.__tablename__, column, f"{uid}:{number}")
