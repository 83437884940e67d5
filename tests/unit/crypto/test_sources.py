"""Where keys come from besides a file: the environment, which no program can change."""

import base64

import pytest

from registry.crypto.errors import KeysMissing, KeysReadOnly, KeysUnusable
from registry.crypto.keyring import Keyring, RegistryKeys, VaultKeys
from registry.crypto.sources import EnvironmentSource, FileSource, encoded_for_setting

NAME = "REGISTRY_VAULT_KEYS"


@pytest.fixture
def keyring(tmp_path) -> Keyring:
    return Keyring.generate(tmp_path / "keys")


def setting_of(source) -> str:
    return encoded_for_setting(source.read()).decode()


def test_the_environment_holds_the_same_keys_as_the_file(keyring):
    source = EnvironmentSource(NAME, setting_of(keyring.vault_source))
    assert VaultKeys.read(source).encryption.secret == keyring.vault().encryption.secret
    other = EnvironmentSource("REGISTRY_KEYS", setting_of(keyring.registry_source))
    assert RegistryKeys.read(other).signing.secret == keyring.registry().signing.secret


@pytest.mark.parametrize("text", ["", "not base 64 !", "e30=", base64.b64encode(b"[]").decode()])
def test_a_setting_that_is_no_key_file_is_refused_without_being_quoted(text):
    with pytest.raises(KeysUnusable, match=NAME) as refused:
        VaultKeys.read(EnvironmentSource(NAME, text))
    assert not text or text not in str(refused.value)


def test_changing_it_is_refused_with_how_to_do_it_by_hand(keyring):
    source = EnvironmentSource(NAME, setting_of(keyring.vault_source))
    with pytest.raises(KeysReadOnly, match="--out FILE"):
        source.write(keyring.vault().encoded())


def test_a_source_never_shows_what_it_holds(keyring):
    text = setting_of(keyring.vault_source)
    assert text[20:40] not in repr(EnvironmentSource(NAME, text))


def test_a_file_is_replaced_whole_and_stays_its_owners(keyring):
    source = keyring.vault_source
    before = source.state()
    source.write(b"other")
    assert source.read() == b"other"
    assert source.state() != before


def test_a_replacement_that_fails_leaves_the_file_and_nothing_else(keyring, monkeypatch):
    source = keyring.vault_source
    before = source.read()
    monkeypatch.setattr("os.fsync", lambda _handle: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        source.write(b"other")
    assert source.read() == before
    assert len(list(keyring.directory.iterdir())) == 2


def test_the_state_of_a_file_that_is_not_there_can_be_asked(tmp_path):
    source = FileSource(tmp_path / "identity.json")
    assert source.state() is None
    with pytest.raises(KeysMissing):
        source.read()


def test_encoding_and_decoding_keys_gives_the_same_keys(keyring):
    keys = keyring.vault()
    assert VaultKeys.decoded(keys.encoded(), "copy") == keys
