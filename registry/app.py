"""The composition root: settings and keys in, a Flask application out."""

from flask import Flask

from config import Settings
from registry import documents, identity, web, wiring
from registry.accounts import digests, passwords
from registry.crypto.keyring import Keyring
from registry.custody.exchange import own
from registry.documents import signatures
from registry.identity import erasure
from registry.identity.national import numbers
from registry.persistence import database


def create_app(settings: Settings) -> Flask:
    """The application for one set of settings.

    :raises CryptoError: as `open_registry` does.
    """
    app = open_registry(settings)
    web.install(app, settings)
    return app


def open_registry(settings: Settings) -> Flask:
    """All that the application can do, without a page on which to do it.

    Without usable vault keys it starts all the same: everything but the
    identities works, and their pages answer 503.

    :raises CryptoError: the registry's own keys are missing, exposed or weak.
    """
    keyring = Keyring.of(settings)
    keys = keyring.registry()

    app = Flask("registry.web")
    app.config.update(SECRET_KEY=keys.signing.secret, TESTING=settings.testing)
    database.connect(app, registry_url=settings.registry_url, identity_url=settings.identity_url)

    cost = settings.argon2
    passwords.use_cost(memory_kib=cost.memory_kib, passes=cost.passes, lanes=cost.lanes)
    digests.use_keys(keys.accounts)
    documents.use(keys.documents, directory=settings.documents_dir)
    signatures.use_keys(keys.signing)
    own.use_name(settings.installation)
    identity.follow_keys(keyring.vault_source)

    erasure.use(settings.erasures_file, backup_days=settings.key_backup_days)

    numbers.accept_test_numbers(settings.test_identities)

    wiring.connect()
    return app
