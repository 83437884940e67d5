"""Key files under a hardware token: sealed by a key that never leaves it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from registry.crypto.errors import KeysExist, KeysUnusable, TokenUnusable
from registry.crypto.sources import FileSource
from registry.crypto.token import Token, TokenSource
from tests.softhsm import find_module

MODULE = find_module()
pytestmark = pytest.mark.skipif(
    MODULE is None, reason="SoftHSM2 is not installed: .ci/softhsm installs it where it can"
)
PIN = "271828"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A fresh software token."""
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    subprocess.run(
        [
            *("softhsm2-util", "--init-token", "--free", "--label", "vault"),
            *("--pin", PIN, "--so-pin", "31415926"),
        ],
        check=True,
        capture_output=True,
    )
    return SimpleNamespace(module=str(MODULE), token="vault", key="registry", pin=PIN)


@pytest.fixture
def token(settings: SimpleNamespace) -> Token:
    token = Token(settings)
    token.make_key()
    return token


@pytest.fixture
def source(token: Token, tmp_path: Path) -> TokenSource:
    directory = tmp_path / "keys"
    directory.mkdir(mode=0o700)
    return TokenSource(FileSource(directory / "identity.sealed"), token)


def test_what_was_sealed_is_read_back(source: TokenSource):
    source.write_new(b"the keys")
    assert source.read() == b"the keys"


def test_the_file_does_not_hold_the_keys(source: TokenSource):
    source.write_new(b"a very secret content")
    assert b"secret" not in source.file.path.read_bytes()


def test_a_file_that_is_there_is_not_written_over(source: TokenSource):
    source.write_new(b"the keys")
    with pytest.raises(KeysExist):
        source.write_new(b"others")


def test_it_is_replaced_whole_and_that_is_noticed(source: TokenSource):
    source.write_new(b"the keys")
    before = source.state()
    source.write(b"more keys")
    assert source.read() == b"more keys"
    assert source.state() != before


@pytest.mark.parametrize("part", ["key", "content"])
def test_a_changed_file_is_refused(source: TokenSource, part: str):
    source.write_new(b"the keys")
    held = json.loads(source.file.path.read_bytes())
    held[part] = ("B" if held[part][4] == "A" else "A").join((held[part][:4], held[part][5:]))
    source.file.write(json.dumps(held).encode())
    with pytest.raises((KeysUnusable, TokenUnusable)):
        source.read()


def test_the_keys_of_the_token_cannot_be_taken_out(token: Token):
    import pkcs11

    def values(session, _pkcs11):
        key = token._key(session, pkcs11)
        with pytest.raises(pkcs11.PKCS11Error):
            key[pkcs11.Attribute.VALUE]
        return key[pkcs11.Attribute.EXTRACTABLE]

    assert token._inside(values) is False


def test_making_the_key_twice_keeps_the_first(source: TokenSource):
    source.write_new(b"the keys")
    source.token.make_key()
    assert source.read() == b"the keys"


@pytest.mark.parametrize(
    "wrong",
    [{"pin": "000000"}, {"token": "another"}, {"key": "another"}, {"module": "/no/such.so"}],
    ids=["pin", "token", "key", "module"],
)
def test_a_token_that_does_not_let_us_in_is_said_without_its_pin(source: TokenSource, wrong):
    source.write_new(b"the keys")
    settings = SimpleNamespace(**{**vars(source.token.settings), **wrong})
    with pytest.raises(TokenUnusable) as refused:
        TokenSource(source.file, Token(settings)).read()
    assert settings.pin not in str(refused.value)


def test_a_forked_process_can_use_the_token_too(source: TokenSource):
    source.write_new(b"the keys")
    assert source.read() == b"the keys"
    child = os.fork()
    if child == 0:
        os._exit(0 if source.read() == b"the keys" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_nobody_without_a_token_loads_its_library():
    loaded = "import sys, registry.crypto.keyring; sys.exit('pkcs11' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
