"""Reading erasures: what the list and the certificates say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.access import Permission, require
from registry.audit.models import AuditEntry
from registry.identity.erasure.models import Erasure
from registry.identity.erasure.replay import as_tombstone
from registry.identity.erasure.service import of_person
from registry.identity.erasure.tombstones import Tombstone
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag


@dataclass(frozen=True)
class Entry:
    """Where the journal holds an erasure."""

    seq: int
    digest: str


@dataclass(frozen=True)
class Certified:
    """An erasure and all that its certificate says beyond it."""

    erasure: Tombstone
    cleaned_at: datetime | None
    #: None where a restored registry has not recorded it again yet.
    entry: Entry | None


def page(actor: Actor, *, before: str | None = None) -> Sequence[Certified]:
    """The erasures, the latest first, those before the one named.

    :raises NotPermitted: the actor may not erase.
    """
    require(actor, Permission.IDENTITY_ERASE)
    query = sa.select(Erasure).order_by(Erasure.erased_at.desc(), Erasure.id.desc())
    if before is not None:
        last = _named(before)
        query = query.where(
            sa.tuple_(Erasure.erased_at, Erasure.id) < sa.tuple_(last.erased_at, last.id)
        )
    rows = vault_session.scalars(query.limit(limits.PAGE_ROWS)).all()
    return [_certified(row) for row in rows]


def get(actor: Actor, certificate: str) -> Certified:
    """The erasure with this certificate.

    :raises NotPermitted: the actor may not erase.
    :raises NotFound: there is none.
    """
    require(actor, Permission.IDENTITY_ERASE)
    return _certified(_named(certificate))


def about(actor: Actor, person_uid: str) -> Certified | None:
    """The erasure of a person, if there was one.

    :raises NotPermitted: the actor may not erase.
    """
    require(actor, Permission.IDENTITY_ERASE)
    found = of_person(person_uid)
    return None if found is None else _certified(found)


def _named(certificate: str) -> Erasure:
    found = vault_session.scalar(sa.select(Erasure).where(Erasure.certificate == certificate))
    if found is None:
        raise NotFound(T("There is no erasure with this number."))
    return found


def _certified(row: Erasure) -> Certified:
    entry = registry_session.execute(
        sa.select(AuditEntry.seq, AuditEntry.digest)
        .where(
            AuditEntry.tag == AuditTag.PERSON_ERASED,
            AuditEntry.object_ref == f"person:{row.person_uid}",
        )
        .order_by(AuditEntry.seq)
        .limit(1)
    ).one_or_none()
    return Certified(
        as_tombstone(row), row.cleaned_at, entry and Entry(entry.seq, entry.digest.hex())
    )
