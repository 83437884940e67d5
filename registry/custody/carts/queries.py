"""Reading carts: those of the sites at which somebody works as a technician."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVarTuple

import sqlalchemy as sa

from registry.access import Permission, require
from registry.accounts.models import User
from registry.custody.carts.models import Cart, CartTube
from registry.custody.listing import listed
from registry.custody.quarantine.models import Quarantine
from registry.custody.views import Listed
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.custody import HolderKind
from registry.vocab.people import Role

Ts = TypeVarTuple("Ts")

_IDLE = timedelta(hours=limits.CART_IDLE_HOURS)


@dataclass(frozen=True)
class InUse:
    """A cart that is in use."""

    cart: Cart
    tubes: int
    #: Tubes wait on it, and nobody has done anything with it for long.
    is_idle: bool


@dataclass(frozen=True)
class Line:
    """A tube on a cart, who put it there, and what stands in its way."""

    sample: Listed
    added_by: str
    added_at: datetime
    #: Why the last act on it was refused, in each language; None when none was.
    refusal: dict[str, str] | None
    is_in_quarantine: bool

    @property
    def is_destroyed(self) -> bool:
        """Whether there is no such tube any more."""
        return self.sample.status is HolderKind.DESTROYED


@dataclass(frozen=True)
class Load:
    """What is on a cart: the tubes that the actor may see, and how many others."""

    lines: Sequence[Line]
    hidden: int

    @property
    def codes(self) -> Sequence[str]:
        """The codes in the order of the scans."""
        return [one.sample.code for one in self.lines]


def in_use(actor: Actor) -> Sequence[InUse]:
    """The carts in use, the one used last first."""
    tubes = (
        sa.select(sa.func.count()).where(CartTube.cart_id == Cart.id).correlate(Cart)
    ).scalar_subquery()
    query = _visible(actor, sa.select(Cart, tubes)).where(Cart.closed_at.is_(None))
    before = clock.now() - _IDLE
    return [
        InUse(cart, count, count > 0 and cart.touched_at <= before)
        for cart, count in registry_session.execute(
            query.order_by(Cart.touched_at.desc(), Cart.id).limit(limits.CARTS_SHOWN)
        )
    ]


def count_idle(actor: Actor) -> int:
    """How many carts have tubes on them that nobody has come back for."""
    loaded = sa.exists().where(CartTube.cart_id == Cart.id)
    query = _visible(actor, sa.select(sa.func.count()).select_from(Cart)).where(
        Cart.closed_at.is_(None), Cart.touched_at <= clock.now() - _IDLE, loaded
    )
    return registry_session.scalars(query).one()


def is_idle(cart: Cart) -> bool:
    """Whether nobody has done anything with it for long."""
    return cart.touched_at <= clock.now() - _IDLE


def by_code(actor: Actor, code: str) -> Cart:
    """The cart whose label bears this code, in use or closed.

    :raises NotFound: there is none at the actor's sites.
    """
    found = registry_session.scalar(_visible(actor, sa.select(Cart)).where(Cart.code == code))
    if found is None:
        raise NotFound(T("There is no cart {code} at your sites.", code=code), field="code")
    return found


def load(actor: Actor, cart: Cart) -> Load:
    """What is on the cart, in the order of the scans."""
    on_it = CartTube.cart_id == cart.id
    rows = registry_session.execute(
        samples.visible(
            actor,
            sa.select(CartTube, Sample.code, User.name)
            .join(Sample, Sample.id == CartTube.sample_id)
            .join(User, User.id == CartTube.added_by_id),
        )
        .where(on_it)
        .order_by(CartTube.id)
    ).all()
    total = registry_session.scalars(
        sa.select(sa.func.count()).select_from(CartTube).where(on_it)
    ).one()
    known = listed(actor, [code for _, code, _ in rows])
    kept = set(
        registry_session.scalars(
            sa.select(Quarantine.sample_id).where(
                Quarantine.sample_id.in_([tube.sample_id for tube, _, _ in rows]),
                Quarantine.closed_at.is_(None),
            )
        )
    )
    lines = [
        Line(known[code], name, tube.added_at, tube.refusal, tube.sample_id in kept)
        for tube, code, name in rows
    ]
    return Load(lines, total - len(lines))


def _visible(actor: Actor, query: sa.Select[*Ts]) -> sa.Select[*Ts]:
    require(actor, Permission.CART_USE)
    scope = actor.sites(Role.TECHNICIAN)
    return query if scope.everywhere else query.where(Cart.site_id.in_(scope.ids))
