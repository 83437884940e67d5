"""The key files: what is refused, and that nothing is ever made up."""

import json
import os
import secrets
import stat
from pathlib import Path

import pytest

from registry.crypto.errors import (
    KeysExist,
    KeysExposed,
    KeysMissing,
    KeysUnusable,
    UnknownKey,
)
from registry.crypto.keyring import Keyring
from registry.crypto.keyset import KeySet


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring.generate(tmp_path / "keys")


def rewrite(path: Path, change) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


class TestGenerate:
    def test_only_the_owner_can_reach_what_it_writes(self, keyring):
        for name in ("identity.json", "registry.json"):
            assert stat.S_IMODE((keyring.directory / name).stat().st_mode) == 0o600
        assert stat.S_IMODE(keyring.directory.stat().st_mode) == 0o700

    def test_it_leaves_nothing_else_behind(self, keyring):
        left = sorted(path.name for path in keyring.directory.iterdir())
        assert left == ["identity.json", "registry.json"]

    @pytest.mark.parametrize("kept", ["identity.json", "registry.json"])
    def test_it_never_writes_over_a_key_file(self, keyring, kept):
        (other,) = {"identity.json", "registry.json"} - {kept}
        (keyring.directory / other).unlink()
        before = (keyring.directory / kept).read_bytes()

        with pytest.raises(KeysExist):
            Keyring.generate(keyring.directory)

        assert (keyring.directory / kept).read_bytes() == before
        assert not (keyring.directory / other).exists()

    def test_every_key_is_another_one(self, keyring, tmp_path):
        other = Keyring.generate(tmp_path / "other")
        every = [
            secret
            for ring in (keyring, other)
            for keys in (ring.vault(), ring.registry())
            for purpose in keys.PURPOSES
            for secret in getattr(keys, purpose).keys.values()
        ]
        assert len(set(every)) == len(every) == 16


class TestReading:
    def test_without_its_file_the_vault_stays_closed_and_the_rest_opens(self, keyring):
        (keyring.directory / "identity.json").unlink()

        with pytest.raises(KeysMissing):
            keyring.vault()
        assert keyring.registry().signing.active == 1

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o700, 0o777])
    def test_a_file_that_others_can_reach_is_refused(self, keyring, mode):
        (keyring.directory / "identity.json").chmod(mode)
        with pytest.raises(KeysExposed):
            keyring.vault()

    def test_a_directory_in_which_others_can_write_is_refused(self, keyring):
        keyring.directory.chmod(0o770)
        with pytest.raises(KeysExposed):
            keyring.vault()

    def test_a_file_of_another_user_is_refused(self, keyring, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        with pytest.raises(KeysExposed):
            keyring.registry()

    def test_a_link_to_another_file_is_not_followed(self, keyring):
        path = keyring.directory / "identity.json"
        path.rename(keyring.directory / "elsewhere.json")
        path.symlink_to(keyring.directory / "elsewhere.json")
        with pytest.raises(KeysExposed):
            keyring.vault()

    @pytest.mark.parametrize(
        "change",
        [
            lambda content: content.pop("index"),
            lambda content: content.update(format=1),
            lambda content: content["encryption"].update(active=2),
            lambda content: content["encryption"].update(active="1"),
            lambda content: content["encryption"].update(keys={}),
            lambda content: content["encryption"]["keys"].update({"0": "AAAA"}),
            lambda content: content["encryption"]["keys"].update({"one": "AAAA"}),
            lambda content: content["encryption"]["keys"].update({"1": "not base64 !"}),
            lambda content: content["encryption"]["keys"].update({"1": 12}),
            lambda content: content.update(index=content["encryption"]),
        ],
    )
    def test_a_damaged_file_is_refused(self, keyring, change):
        rewrite(keyring.directory / "identity.json", change)
        with pytest.raises(KeysUnusable):
            keyring.vault()

    @pytest.mark.parametrize("text", ["", "[]", "{", "null", '"text"'])
    def test_what_is_no_key_file_is_refused(self, keyring, text):
        (keyring.directory / "identity.json").write_text(text)
        with pytest.raises(KeysUnusable):
            keyring.vault()

    def test_no_error_quotes_a_key(self, keyring):
        path = keyring.directory / "identity.json"
        secret = json.loads(path.read_text())["index"]["keys"]["1"]
        path.write_text(path.read_text().replace(secret, secret[:-3] + "!"))

        with pytest.raises(KeysUnusable) as refused:
            keyring.vault()

        assert secret[:8] not in str(refused.value)
        assert refused.value.__cause__ is None


class TestStrength:
    @pytest.mark.parametrize(
        "weak",
        [
            b"",
            bytes(32),
            b"\xff" * 32,
            b"ab" * 16,
            bytes(range(32)),
            bytes(range(0, 256, 8)),
            b"correct horse battery staple 42!",
            secrets.token_bytes(31),
            secrets.token_bytes(33),
            secrets.token_bytes(8) * 4,
        ],
        ids=lambda weak: f"{len(weak)} bytes",
    )
    def test_a_key_that_nobody_drew_at_random_is_refused(self, weak):
        with pytest.raises(KeysUnusable):
            KeySet({1: weak}, active=1)

    def test_a_random_key_is_taken(self):
        for _ in range(1_000):
            assert KeySet({1: secrets.token_bytes(32)}, active=1).active == 1


class TestKeySet:
    def test_it_never_falls_back_to_another_key(self):
        keys = KeySet({1: secrets.token_bytes(32)}, active=1)
        with pytest.raises(UnknownKey) as refused:
            keys.get(2)
        assert refused.value.kid == 2

    def test_it_does_not_show_its_keys(self):
        secret = secrets.token_bytes(32)
        assert repr(secret)[2:10] not in repr(KeySet({1: secret}, active=1))

    def test_it_cannot_be_changed_from_outside(self):
        given = {1: secrets.token_bytes(32)}
        keys = KeySet(given, active=1)
        given[2] = secrets.token_bytes(32)
        assert list(keys.keys) == [1]
