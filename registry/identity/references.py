"""Under which names the record speaks of a person: pseudonyms from before and after a merge."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from registry.access import Permission, require
from registry.identity import persons
from registry.identity.models import MatchReview, Person
from registry.kernel.actor import Actor
from registry.persistence import vault_session


def refs_of(actor: Actor, person_uid: str) -> set[str]:
    """What entries about looks at this person, alone or beside another, are about.

    :raises NotPermitted: the actor may not read who looked.
    :raises NotFound: there is no such person.
    """
    require(actor, Permission.LOOK_READ)
    group = persons.group_of(persons.by_uid(person_uid).id)
    members = vault_session.scalars(sa.select(Person).where(Person.id.in_(group)))
    pairs = vault_session.scalars(
        sa.select(MatchReview).where(
            sa.or_(MatchReview.first_id.in_(group), MatchReview.second_id.in_(group))
        )
    )
    return {one.audit_ref for one in (*members, *pairs)}


def today(actor: Actor, person_uids: Collection[str]) -> Mapping[str, str]:
    """The pseudonym that each of these stands for after every merge; unknown ones are left out.

    :raises NotPermitted: the actor may not read who looked.
    """
    require(actor, Permission.LOOK_READ)
    rows = vault_session.execute(
        sa.select(Person.uid, Person.id).where(Person.uid.in_(person_uids))
    )
    return {row.uid: persons.root_of(row.id).uid for row in rows}
