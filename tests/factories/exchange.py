"""Another installation, with a key of its own, as a partner."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from config import Settings
from registry.app import open_registry
from registry.crypto import signatures
from registry.custody.exchange import fingerprints, keys, own
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments.manifest import PURPOSE
from registry.custody.shipments.models import Partner
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import database
from tests.factories.accounts import People, make_people, make_sites
from tests.factories.shipments import make_partner


def make_public_key(seed: str = "elsewhere") -> str:
    """The public key of an installation that is not this one."""
    return signatures.public_key(_secret(seed), PURPOSE)


def _secret(seed: str) -> bytes:
    return seed.encode().ljust(32, b".")


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


def make_tube(code: str = "F-0001", **changes: object) -> dict[str, object]:
    """A tube as a manifest names it."""
    return {
        "code": code,
        "type": "PL1",
        "container": "PED",
        "quantity": "0.5",
        "unit": "mL",
        **changes,
    }


def make_conditions(**changes: object) -> dict[str, object]:
    """What a manifest allows."""
    return {
        "project": "P-2026-4",
        "uses": ["academic_research"],
        "category": "health",
        "diseases": [],
        "until": str(clock.today() + timedelta(days=365)),
        **changes,
    }


def make_manifest(actors: People, *, seed: str = "elsewhere", **changes: object) -> bytes:
    """A manifest that the other installation signed for this one; None leaves a part out."""
    said = {
        "format": "shipment-manifest/1",
        "shipment": "EXP-7",
        "recipient_key": own.key(actors.technician).public_key,
        "sent_at": (clock.now() - timedelta(days=1)).isoformat(),
        "conditions": make_conditions(),
        "tubes": [make_tube()],
        **changes,
    }
    return make_signed({name: part for name, part in said.items() if part is not None}, seed)


def make_signed(said: object, seed: str = "elsewhere", part: str = "manifest") -> bytes:
    """Anything, as the other installation signs it."""
    text = json.dumps(said)
    signature = {
        "value": signatures.sign(_secret(seed), PURPOSE, text.encode()),
        "public_key": make_public_key(seed),
        "algorithm": "Ed25519",
    }
    return json.dumps({part: text, "signature": signature}).encode()


def make_recall(actors: People, **changes: object) -> bytes:
    """A recall that the other installation signed for this one; None leaves a part out."""
    said = {
        "format": "shipment-recall/1",
        "recipient_key": own.key(actors.technician).public_key,
        "recall": "R-3-4",
        "recalled_at": clock.now().isoformat(),
        "asked": "destroy",
        "until": str(clock.today() + timedelta(days=14)),
        "tubes": [{"code": "F-0001", "shipment": "EXP-7"}],
        **changes,
    }
    return make_signed({name: one for name, one in said.items() if one is not None}, part="recall")


@dataclass(frozen=True)
class Installation:
    """One of two installations, each with its own databases and keys."""

    settings: Settings
    people: People
    key_file: bytes

    @classmethod
    def made(cls, settings: Settings) -> "Installation":
        """A new installation with its people."""
        with _opened(settings):
            people = make_people(make_sites())
            return cls(settings, people, own.key(people.technician).file)

    @contextmanager
    def inside(self) -> Iterator[People]:
        """Work at this installation."""
        with _opened(self.settings):
            yield self.people

    def knows(self, other: "Installation", **facts: str) -> None:
        """Record the other as a partner, and compare its key."""
        with self.inside() as people:
            partner = make_partner(people, **facts)
            key = keys.record(people.data_manager, partner.id, other.key_file)
            assert keys.compare(make_second(people), key.id, key.fingerprint)


@contextmanager
def _opened(settings: Settings) -> Iterator[None]:
    with open_registry(settings).app_context():
        try:
            yield
        finally:
            database.disconnect()
