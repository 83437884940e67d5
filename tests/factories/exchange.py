"""Another installation, with a key of its own, as a partner."""

import json
from dataclasses import replace

from registry.crypto import signatures
from registry.custody.exchange import fingerprints, keys
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments.models import Partner
from registry.kernel.actor import Actor
from tests.factories.accounts import People
from tests.factories.shipments import make_partner


def make_public_key(seed: str = "elsewhere") -> str:
    """The public key of an installation that is not this one."""
    return signatures.public_key(seed.encode().ljust(32, b"."), "shipment manifest")


def make_key_file(public_key: str | None = None, **changes: object) -> bytes:
    """A key file as another installation writes it."""
    said = {
        "format": "installation-key/1",
        "installation": "biobanco.example.org",
        "algorithm": "Ed25519",
        "public_key": public_key or make_public_key(),
        **changes,
    }
    return json.dumps(said).encode()


def make_second(actors: People) -> Actor:
    """Another data manager: the colleague who compares."""
    return replace(actors.data_manager, id=actors.dpo.id, login="second", name="second")


def make_known(
    actors: People, partner: Partner | None = None, seed: str = "elsewhere"
) -> PartnerKey:
    """A partner's key that counts."""
    partner = partner or make_partner(actors)
    key = keys.record(actors.data_manager, partner.id, make_key_file(make_public_key(seed)))
    assert keys.compare(make_second(actors), key.id, fingerprints.of(key.public_key))
    return key
