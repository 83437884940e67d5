"""The keys of partners' installations: recorded, compared by a second person, retired."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody.exchange import fingerprints, own
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments import manifest
from registry.custody.shipments.models import Partner
from registry.documents import signatures
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.exchange import KeyState

_RAW_BYTES = 32


@transactional
def record(actor: Actor, partner_id: int, file: bytes) -> PartnerKey:
    """Keep the key that a partner's installation gave; it does not count yet.

    :raises InvalidInput: the file holds no such key, or our own.
    :raises RuleBroken: the partner is retired, or the key was recorded before.
    """
    partner = lock_row(Partner, partner_id)
    require(actor, Permission.PARTNER_MANAGE)
    if partner.retired_at is not None:
        raise RuleBroken(T("{partner} is retired: it gets no key.", partner=partner.name))
    installation, public_key = _read(file)
    _check_new(public_key)
    key = PartnerKey(
        partner=partner,
        installation=installation,
        public_key=public_key,
        recorded_at=clock.now(),
        recorded_by_id=_somebody(actor),
    )
    registry_session.add(key)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.PARTNER_KEY_RECORDED,
        key,
        partner=partner.id,
        fingerprint=fingerprints.of(public_key),
    )
    return key


@transactional
def compare(actor: Actor, key_id: int, fingerprint: str) -> bool:
    """Whether what the partner read out is the key's fingerprint: then it counts from now on.

    That it differs stays recorded. A key that counted until now has to be retired first.

    :raises RuleBroken: the actor recorded the key, or it does not wait to be compared.
    """
    key = lock_row(PartnerKey, key_id)
    require(actor, Permission.PARTNER_MANAGE)
    if key.state is not KeyState.RECORDED:
        raise RuleBroken(T("This key does not wait to be compared any more."))
    if _somebody(actor) == key.recorded_by_id:
        raise RuleBroken(T("Whoever recorded a key does not compare it: ask a colleague."))
    if not fingerprints.is_of(key.public_key, fingerprint):
        audit.record(actor, AuditTag.PARTNER_KEY_DIFFERED, key, partner=key.partner_id)
        return False
    # Two keys of a partner are compared one after the other.
    lock_row(Partner, key.partner_id)
    if counting(key.partner_id) is not None:
        raise RuleBroken(
            T("Another key of {partner} counts: retire it first.", partner=key.partner.name)
        )
    key.compared_at, key.compared_by_id = clock.now(), _somebody(actor)
    audit.record(actor, AuditTag.PARTNER_KEY_COMPARED, key, partner=key.partner_id)
    return True


@transactional
def retire(actor: Actor, key_id: int, reason: str) -> PartnerKey:
    """Believe this key no longer, and never again.

    :raises RuleBroken: it is retired already.
    """
    key = lock_row(PartnerKey, key_id)
    require(actor, Permission.PARTNER_MANAGE)
    if key.retired_at is not None:
        raise RuleBroken(T("This key is retired already."))
    key.retired_at, key.retired_for = clock.now(), reason
    audit.record(actor, AuditTag.PARTNER_KEY_RETIRED, key, partner=key.partner_id, reason=reason)
    return key


def every(actor: Actor, partner_id: int) -> Sequence[PartnerKey]:
    """Every key of a partner, the newest first."""
    require(actor, Permission.SHIPMENT_READ)
    query = sa.select(PartnerKey).where(PartnerKey.partner_id == partner_id)
    return registry_session.scalars(query.order_by(PartnerKey.id.desc())).all()


def get(actor: Actor, key_id: int) -> PartnerKey:
    """One key.

    :raises NotFound: there is none.
    """
    require(actor, Permission.SHIPMENT_READ)
    found = registry_session.get(PartnerKey, key_id)
    if found is None:
        raise NotFound(T("There is no such key."))
    return found


def counting(partner_id: int) -> PartnerKey | None:
    """The key of a partner that counts now, if one does."""
    return registry_session.scalar(
        sa.select(PartnerKey).where(
            PartnerKey.partner_id == partner_id,
            PartnerKey.compared_at.is_not(None),
            PartnerKey.retired_at.is_(None),
        )
    )


def of_signer(public_key: str) -> PartnerKey | None:
    """The recorded key that this is, whether it counts or not."""
    return registry_session.scalar(sa.select(PartnerKey).where(PartnerKey.public_key == public_key))


def _read(file: bytes) -> tuple[str, str]:
    """The installation's name and its key, in the one way to write it.

    :raises InvalidInput: the file is no key file, or a damaged one.
    """
    refusal = InvalidInput(
        T("This is no key file of an installation. Ask the partner to export it again."),
        field="file",
    )
    if len(file) > limits.KEY_FILE_BYTES_MAX:
        raise refusal
    try:
        said = json.loads(file)
        name, written = said["installation"].strip(), said["public_key"]
        known = said["format"] == own.FORMAT and said["algorithm"] == own.ALGORITHM
        raw = b64decode(written, validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refusal from None
    whole = 0 < len(name) <= limits.NAME_MAX and name.isprintable()
    if not known or not whole or len(raw) != _RAW_BYTES or b64encode(raw).decode() != written:
        raise refusal
    return name, written


def _check_new(public_key: str) -> None:
    if public_key == signatures.public_key(manifest.PURPOSE):
        raise InvalidInput(T("This is the key of this installation itself."), field="file")
    there = of_signer(public_key)
    if there is None:
        return
    if there.state is KeyState.RETIRED:
        raise RuleBroken(T("This key was retired: the partner has to make a new one."))
    raise RuleBroken(T("This key is recorded already, for {partner}.", partner=there.partner.name))


def _somebody(actor: Actor) -> int:
    """The account of a person; two of them have to stand for a key."""
    if actor.id is None:
        raise NotPermitted(T("Two people with accounts stand for a partner’s key."))
    return actor.id
