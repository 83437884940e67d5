"""Keeping how a person is reached."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission
from registry.identity import sites
from registry.identity.contact_data.models import ContactData
from registry.identity.contact_data.queries import Contact, latest, place
from registry.identity.records import Holder
from registry.identity.subject import subject
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag


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
    own = sites.codes_where_allowed(actor, Permission.IDENTITY_REVEAL)
    before = latest(who.opened, who.group, received_at=own)
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
        name: person.key.seal(text.encode(), place(name, person.uid, number))
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
