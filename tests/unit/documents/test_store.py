"""Kept files: sealed, whole or absent, never over another, and refused when tampered with."""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.crypto.keyset import KeySet
from registry.documents import store as module
from registry.documents.store import Store
from registry.kernel.errors import Unavailable


def new_keys() -> KeySet:
    return KeySet({1: secrets.token_bytes(32)}, active=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_keys(), tmp_path / "documents")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Chunks of a few bytes, so that a short file has several."""
    monkeypatch.setattr(module, "CHUNK_BYTES", 63)
    return 63


def keep(store: Store, *pieces: bytes) -> str:
    with store.writing() as writer:
        for piece in pieces:
            writer.write(piece)
    return writer.stored.ref


def read(store: Store, ref: str) -> bytes:
    return b"".join(store.chunks(ref))


def files(store: Store) -> list[Path]:
    return [path for path in store.directory.rglob("*") if path.is_file()]


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(pieces=st.lists(st.binary(max_size=200), max_size=5))
def test_what_is_kept_is_read_back(store: Store, small_chunks: int, pieces: list[bytes]):
    assert read(store, keep(store, *pieces)) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, module.CHUNK_BYTES, module.CHUNK_BYTES + 1, 3 * 2**20])
def test_files_of_any_length_are_read_back(store: Store, size: int):
    content = os.urandom(size)

    assert read(store, keep(store, content)) == content


def test_nothing_is_on_disk_in_clear(store: Store):
    keep(store, b"a canary in the scan")

    assert [b"canary" in path.read_bytes() for path in files(store)] == [False]


def test_only_the_owner_can_reach_a_file(store: Store):
    path = store.path(keep(store, b"scan"))

    modes = [path.stat().st_mode, path.parent.stat().st_mode, store.directory.stat().st_mode]

    assert [mode & 0o077 for mode in modes] == [0, 0, 0]


def test_the_same_content_is_one_file(store: Store):
    first = keep(store, b"the same ", b"content")
    written = files(store)[0].stat()

    second = keep(store, b"the same content")

    assert first == second
    assert [path.stat().st_ino for path in files(store)] == [written.st_ino]
    assert files(store)[0].stat().st_mtime_ns == written.st_mtime_ns


def test_the_address_is_no_plain_digest_of_the_content(store: Store, tmp_path: Path):
    elsewhere = Store(new_keys(), tmp_path / "elsewhere")

    refs = {keep(store, b"a known form"), keep(elsewhere, b"a known form")}

    assert len(refs) == 2
    assert hashlib.sha256(b"a known form").hexdigest() not in refs


def test_a_file_left_unfinished_is_not_in_the_store(store: Store):
    def fail() -> None:
        with store.writing() as writer:
            writer.write(b"half of it")
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        fail()

    assert files(store) == []


def cut_the_last_chunk(raw: bytes) -> bytes:
    return raw[: -(4 + chunk_length(raw))]


def cut_in_the_middle(raw: bytes) -> bytes:
    return raw[:-10]


def cut_everything(raw: bytes) -> bytes:
    return raw[: module._HEADER_BYTES]


def swap_the_first_two_chunks(raw: bytes) -> bytes:
    start, length = module._HEADER_BYTES, 4 + chunk_length(raw)
    first, second = raw[start : start + length], raw[start + length : start + 2 * length]
    return raw[:start] + second + first + raw[start + 2 * length :]


def repeat_the_last_chunk(raw: bytes) -> bytes:
    return raw + raw[-(4 + chunk_length(raw)) :]


def flip_a_bit_at_the_end(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


def flip_a_bit_of_the_key(raw: bytes) -> bytes:
    return raw[:20] + bytes([raw[20] ^ 1]) + raw[21:]


def chunk_length(raw: bytes) -> int:
    start = module._HEADER_BYTES
    return int.from_bytes(raw[start : start + 4], "big")


@pytest.mark.parametrize(
    "tamper",
    [
        cut_the_last_chunk,
        cut_in_the_middle,
        cut_everything,
        swap_the_first_two_chunks,
        repeat_the_last_chunk,
        flip_a_bit_at_the_end,
        flip_a_bit_of_the_key,
        lambda raw: b"",
    ],
)
def test_a_file_that_was_tampered_with_does_not_open(
    store: Store, small_chunks: int, tamper: Callable[[bytes], bytes]
):
    ref = keep(store, bytes(3 * small_chunks))
    path = store.path(ref)
    path.write_bytes(tamper(path.read_bytes()))

    with pytest.raises(Unavailable):
        read(store, ref)


def test_a_file_put_in_the_place_of_another_does_not_open(store: Store):
    one, other = keep(store, b"one"), keep(store, b"other")
    store.path(one).write_bytes(store.path(other).read_bytes())

    with pytest.raises(Unavailable):
        read(store, one)


def test_a_file_that_is_gone_says_so(store: Store):
    with pytest.raises(Unavailable):
        read(store, "ab" * 32)


def test_a_file_outlives_a_change_of_key(store: Store):
    ref = keep(store, b"kept under the old key")
    keys = KeySet({**store.keys.keys, 2: secrets.token_bytes(32)}, active=2)

    assert read(Store(keys, store.directory), ref) == b"kept under the old key"


def test_the_address_is_told_only_when_the_file_is_safe(store: Store):
    with store.writing() as writer, pytest.raises(RuntimeError):
        _ = writer.stored
