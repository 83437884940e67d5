"""The settings, read once at the start from the environment and the data directory's ``.env``.

Nothing else reads the environment.  A setting that is missing, malformed or
weak stops the start with a sentence that names it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from registry.vocab import limits

DEFAULT_DATA_DIR = "data"
LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8000


class SettingError(ValueError):
    """A setting cannot be used; the sentence names it and says what it takes."""


@dataclass(frozen=True)
class Argon2Cost:
    """How much work a password costs (OWASP ASVS 5.0 floor: 46 MiB, 1 pass, 1 lane)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


@dataclass(frozen=True)
class TokenKey:
    """The key of a hardware token (PKCS#11) that seals the vault's key file."""

    module: str
    token: str
    key: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything the application is told from outside."""

    data_dir: Path
    registry_url: str
    identity_url: str
    keys_dir: Path
    public_url: str = f"http://{LOOPBACK}:{DEFAULT_PORT}"
    default_locale: str = "fr"
    key_backup_days: int = limits.KEY_BACKUP_DAYS
    #: A key file's content in base 64, in the place of the file.
    vault_keys: str | None = field(default=None, repr=False)
    registry_keys: str | None = field(default=None, repr=False)
    #: What seals the vault's key file, when it is kept sealed.
    token_key: TokenKey | None = None
    argon2: Argon2Cost = Argon2Cost()
    #: Whether numbers of the national test data (INS) are taken: never where real people are.
    test_identities: bool = False
    testing: bool = False

    @property
    def is_https(self) -> bool:
        """Whether people reach the application over HTTPS (cookies are then ``Secure``)."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def installation(self) -> str:
        """What this installation is called towards partners: the host at which people reach it."""
        return urlsplit(self.public_url).hostname or LOOPBACK

    @property
    def erasures_file(self) -> Path:
        """Which identities were erased: outside the databases, so that no restore takes it back."""
        return self.data_dir / "erasures.jsonl"

    @property
    def documents_dir(self) -> Path:
        """Where encrypted files are kept."""
        return self.data_dir / "documents"

    @property
    def logs_dir(self) -> Path:
        """Where the application writes its logs."""
        return self.data_dir / "logs"

    @property
    def reports_dir(self) -> Path:
        """Where imports leave the rows that they refused."""
        return self.data_dir / "reports"

    def served_on(self, port: int) -> "Settings":
        """The same settings; links in letters name this port unless a public address was set."""
        if self.public_url != Settings.public_url:
            return self
        return replace(self, public_url=f"http://{LOOPBACK}:{port}")

    def on_own_files(self) -> "Settings":
        """The same settings with the databases and keys inside the data directory.

        A demonstration must never touch a database that somebody else fills; its people
        are nobody's, and have numbers of the national test data.
        """
        return replace(
            self,
            registry_url=_file_url(self.data_dir, "registry"),
            identity_url=_file_url(self.data_dir, "identity"),
            keys_dir=self.data_dir / "keys",
            test_identities=True,
            vault_keys=None,
            registry_keys=None,
            token_key=None,
        )


def load(data_dir: str | Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of one data directory.

    The environment wins over ``<data directory>/.env``.

    :raises SettingError: a setting is malformed.
    """
    environ = os.environ if environ is None else environ
    directory = Path(data_dir or environ.get("REGISTRY_DATA_DIR") or DEFAULT_DATA_DIR).resolve()
    written = {name: value for name, value in dotenv_values(directory / ".env").items() if value}
    found = {**written, **environ}
    settings = Settings(
        data_dir=directory,
        registry_url=_database(
            found.get("REGISTRY_DATABASE_URL") or _file_url(directory, "registry"),
            "REGISTRY_DATABASE_URL",
        ),
        identity_url=_database(
            found.get("REGISTRY_IDENTITY_URL") or _file_url(directory, "identity"),
            "REGISTRY_IDENTITY_URL",
        ),
        keys_dir=Path(found.get("REGISTRY_KEYS_DIR") or directory / "keys"),
        public_url=found.get("REGISTRY_PUBLIC_URL") or Settings.public_url,
        default_locale=found.get("REGISTRY_LOCALE") or Settings.default_locale,
        test_identities=_switch(found.get("REGISTRY_TEST_IDENTITIES"), "REGISTRY_TEST_IDENTITIES"),
        key_backup_days=_days(
            found.get("REGISTRY_KEY_BACKUP_DAYS") or str(Settings.key_backup_days),
            "REGISTRY_KEY_BACKUP_DAYS",
        ),
        vault_keys=found.get("REGISTRY_VAULT_KEYS") or None,
        registry_keys=found.get("REGISTRY_KEYS") or None,
        token_key=_token_key(found),
    )
    _check(settings)
    return settings


def _token_key(found: Mapping[str, str | None]) -> TokenKey | None:
    """The token's key, when one is named; all of its settings then have to be there."""
    names = ("REGISTRY_PKCS11_MODULE", "REGISTRY_PKCS11_TOKEN", "REGISTRY_PKCS11_KEY")
    values = [found.get(name) or "" for name in names]
    if not any(values):
        return None
    if not all(values):
        raise SettingError(
            f"{names[values.index('')]} is missing: a hardware token needs all of its settings"
        )
    module, token, key = values
    return TokenKey(module=module, token=token, key=key, pin=_pin(found))


def _pin(found: Mapping[str, str | None]) -> str:
    """The PIN: from a file that its owner alone can read, or from the environment."""
    path = found.get("REGISTRY_PKCS11_PIN_FILE")
    if not path:
        pin = found.get("REGISTRY_PKCS11_PIN")
        if not pin:
            raise SettingError("REGISTRY_PKCS11_PIN_FILE or REGISTRY_PKCS11_PIN is missing")
        return pin
    try:
        mode = Path(path).stat().st_mode
        pin = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise SettingError("REGISTRY_PKCS11_PIN_FILE cannot be read") from None
    if mode & 0o077:
        raise SettingError("REGISTRY_PKCS11_PIN_FILE must be readable by its owner alone")
    return pin


def _file_url(directory: Path, name: str) -> str:
    return f"sqlite:///{directory / name}.db"


def _database(url: str, setting: str) -> str:
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise SettingError(f"{setting} must begin with postgresql:// or sqlite:///")


def _days(value: str, setting: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > limits.KEY_BACKUP_DAYS_MAX:
        raise SettingError(
            f"{setting} must be a number of days, from 0 to {limits.KEY_BACKUP_DAYS_MAX}"
        )
    return int(value)


def _switch(value: str | None, setting: str) -> bool:
    if value in (None, "", "off"):
        return False
    if value == "on":
        return True
    raise SettingError(f"{setting} must be on or off")


def _check(settings: Settings) -> None:
    if settings.registry_url == settings.identity_url:
        raise SettingError(
            "REGISTRY_DATABASE_URL and REGISTRY_IDENTITY_URL must name two databases: "
            "identities are kept apart from everything else"
        )
    if settings.vault_keys and settings.token_key:
        raise SettingError(
            "REGISTRY_VAULT_KEYS and REGISTRY_PKCS11_MODULE cannot both say where the vault's "
            "keys are"
        )
    if settings.default_locale not in ("fr", "en"):
        raise SettingError("REGISTRY_LOCALE must be fr or en")
    if urlsplit(settings.public_url).scheme not in ("http", "https"):
        raise SettingError("REGISTRY_PUBLIC_URL must begin with http:// or https://")
    loopback = urlsplit(settings.public_url).hostname in (LOOPBACK, "localhost", "::1")
    if not settings.is_https and not loopback:
        raise SettingError(
            "REGISTRY_PUBLIC_URL must be https:// unless it is a loopback address: "
            "sign-ins and identities must not cross a network in clear"
        )
