"""Opening carts, putting tubes on them, and taking them off again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody.carts import queries
from registry.custody.carts.models import Cart, CartTube
from registry.custody.listing import listed
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as checked_code
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab import limits
from registry.vocab.audit import AuditTag


@dataclass(frozen=True)
class Added:
    """What a scan onto a cart did."""

    new: Sequence[str]
    #: Those that were on the cart before.
    there: Sequence[str]


@transactional
def open_(actor: Actor, *, site_id: int, name: str) -> Cart:
    """Take a new cart at a site into use.

    :raises NotPermitted: the actor is no technician there.
    :raises InvalidInput: the site has a cart of this name.
    """
    now = clock.now()
    cart = Cart(
        code=f"CH-{checked_code.new()}",
        name=name,
        site_id=site_id,
        opened_at=now,
        opened_by_id=actor.id,
        touched_at=now,
    )
    require(actor, Permission.CART_USE, cart)
    known = sa.select(Cart.code).where(Cart.site_id == site_id, Cart.name == name)
    if (code := registry_session.scalar(known)) is not None:
        raise InvalidInput(
            T("The site has a cart of this name: {code}. Use it, or choose another.", code=code),
            field="name",
        )
    registry_session.add(cart)
    registry_session.flush()
    audit.record(actor, AuditTag.CART_OPENED, cart, site_id=site_id)
    return cart


@transactional
def add(actor: Actor, cart_id: int, codes: Sequence[str]) -> Added:
    """Put tubes on a cart, all or none; one that is there already stays where it is.

    :raises InvalidInput: some tubes are not known at the actor's sites, each
        named under ``codes``, or there would be more than one act takes.
    """
    cart = _locked(actor, cart_id)
    found = listed(actor, codes)
    refusals = Refusals("codes")
    for code in codes:
        with refusals.gathered(code):
            if code not in found:
                raise samples.not_found()
    refusals.raise_if_any()
    before = _on(cart)
    wanted = list(dict.fromkeys(codes))
    new = [code for code in wanted if found[code].id not in before]
    if len(before) + len(new) > limits.SCANS_AT_ONCE_MAX:
        raise InvalidInput(
            T(
                "A cart takes {count} tubes, as many as one act. Do something with these first.",
                count=limits.SCANS_AT_ONCE_MAX,
            ),
            field="codes",
        )
    now = clock.now()
    cart.touched_at, cart.closed_at = now, None
    registry_session.add_all(
        CartTube(cart_id=cart.id, sample_id=found[code].id, added_at=now, added_by_id=actor.id)
        for code in new
    )
    audit.record(actor, AuditTag.CART_FILLED, cart, site_id=cart.site_id, samples=new)
    return Added(new, [code for code in wanted if found[code].id in before])


@transactional
def take_off(actor: Actor, cart_id: int, codes: Collection[str]) -> int:
    """Take these tubes off the cart, those that are on it; how many were.

    The cart that has none left is closed, until the next tube.
    """
    cart = _locked(actor, cart_id)
    on_it = _rows(cart, codes)
    for tube, _ in on_it:
        registry_session.delete(tube)
    registry_session.flush()
    now = clock.now()
    cart.touched_at = now
    if on_it and not _on(cart):
        cart.closed_at = now
    audit.record(
        actor,
        AuditTag.CART_EMPTIED,
        cart,
        site_id=cart.site_id,
        samples=[code for _, code in on_it],
    )
    return len(on_it)


@transactional
def note_refusals(
    actor: Actor, cart_id: int, refusals: Mapping[str, Mapping[str, str]]
) -> Collection[str]:
    """Write beside each tube why an act on it was refused; the codes of those on the cart.

    `refusals` has, for each code, the sentence in each language.
    """
    cart = _locked(actor, cart_id)
    on_it = _rows(cart, refusals)
    for tube, code in on_it:
        tube.refusal = dict(refusals[code])
    noted = [code for _, code in on_it]
    audit.record(actor, AuditTag.CART_REFUSED, cart, site_id=cart.site_id, samples=noted)
    return noted


@transactional
def close(actor: Actor, cart_id: int) -> None:
    """Put an empty cart away; the next tube takes it into use again.

    :raises RuleBroken: tubes are on it, or it is closed.
    """
    cart = _locked(actor, cart_id)
    if cart.closed_at is not None:
        raise RuleBroken(T("The cart is closed already."))
    if _on(cart):
        raise RuleBroken(T("Tubes are on the cart: do something with them, or take them off."))
    cart.closed_at = clock.now()
    audit.record(actor, AuditTag.CART_CLOSED, cart, site_id=cart.site_id)


def _locked(actor: Actor, cart_id: int) -> Cart:
    """The cart, kept from others until the commit: nothing of two scans at once is lost."""
    cart = lock_row(Cart, cart_id)
    queries.by_code(actor, cart.code)
    require(actor, Permission.CART_USE, cart)
    return cart


def _on(cart: Cart) -> set[int]:
    return set(
        registry_session.scalars(sa.select(CartTube.sample_id).where(CartTube.cart_id == cart.id))
    )


def _rows(cart: Cart, codes: Collection[str]) -> Sequence[tuple[CartTube, str]]:
    rows = registry_session.execute(
        sa.select(CartTube, Sample.code)
        .join(Sample, Sample.id == CartTube.sample_id)
        .where(CartTube.cart_id == cart.id, Sample.code.in_(codes))
        .order_by(CartTube.id)
    )
    return [(tube, code) for tube, code in rows]
