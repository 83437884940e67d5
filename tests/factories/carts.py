"""Carts at the biobank, begun by the technician."""

from registry.custody.carts import service
from registry.custody.carts.models import Cart
from tests.factories.accounts import People
from tests.factories.custody import biobank


def make_cart(actors: People, *codes: str, name: str = "Blue") -> Cart:
    """A cart with these tubes on it."""
    cart = service.open_(actors.technician, site_id=biobank(actors), name=name)
    if codes:
        service.add(actors.technician, cart.id, codes)
    return cart
