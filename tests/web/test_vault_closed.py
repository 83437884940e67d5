"""Without the vault's own keys its pages answer 503 and the rest works (security requirement 8)."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from registry.app import create_app
from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.sources import encoded_for_setting
from registry.identity.models import Person
from registry.persistence import database, vault_session
from tests.factories.accounts import PASSWORD, People, Sites
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.nurse import inclusion
from tests.web.pages import Browser, text_of

#: A key file of the vault that is made unusable, given its settings.
Harm = Callable[[Settings], Settings]


def missing(settings: Settings) -> Settings:
    (settings.keys_dir / VaultKeys.FILE).unlink()
    return settings


def another(settings: Settings) -> Settings:
    elsewhere = Keyring.generate(settings.keys_dir / "another").directory
    shutil.copy(elsewhere / VaultKeys.FILE, settings.keys_dir / VaultKeys.FILE)
    return settings


def damaged(settings: Settings) -> Settings:
    (settings.keys_dir / VaultKeys.FILE).write_bytes(b'{"format": 2}')
    return settings


def exposed(settings: Settings) -> Settings:
    (settings.keys_dir / VaultKeys.FILE).chmod(0o644)
    return settings


def set_to_another(settings: Settings) -> Settings:
    content = Keyring.generate(settings.keys_dir / "another").vault().encoded()
    return replace(settings, vault_keys=encoded_for_setting(content).decode())


def set_to_nothing_useful(settings: Settings) -> Settings:
    return replace(settings, vault_keys="no key file")


@pytest.fixture
def known(application: Flask, actors: People) -> str:
    """The code of a participant who is known by name."""
    with application.app_context():
        made = make_participant(actors, person_uid=make_person(actors.nurse).person_uid)
        code: str = made.code
        database.disconnect()
    return code


@pytest.fixture(
    params=[missing, another, damaged, exposed, set_to_another, set_to_nothing_useful],
    ids=lambda harm: harm.__name__,
)
def nurse(request, known: str, settings: Settings, actors: People) -> Iterator[Browser]:
    """A nurse of a registry that was started with something else than the vault's keys."""
    own = settings.data_dir / "own_keys"
    shutil.copytree(settings.keys_dir, own)
    app = create_app(request.param(replace(settings, keys_dir=own)))
    browser = Browser(app)
    assert browser.send("/sign-in", login=actors.nurse.login, password=PASSWORD).status_code == 303
    with app.app_context():
        yield browser.speak("en")
        database.disconnect()


def test_identities_are_closed_and_everything_else_works(nurse: Browser, sites: Sites, known: str):
    given = inclusion(sites)
    refused = {
        "search": nurse.send("/participants/search", **given),
        "inclusion": nurse.send("/participants/new", **given),
        "look": nurse.send(f"/participants/{known}/identity", kind="check", reason="paper file"),
    }
    assert {what: answer.status_code for what, answer in refused.items()} == dict.fromkeys(
        refused, 503
    )
    assert all("The identity vault is closed" in text_of(one) for one in refused.values())
    pages = ("/", "/participants", f"/participants/{known}", "/reviews", "/samples")
    assert {page: nurse.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert vault_session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
