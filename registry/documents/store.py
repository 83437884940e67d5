"""The sealed files themselves.

A file's address is an HMAC-SHA256 of its content under a key of its own: equal
files are kept once and a repeated request writes nothing, yet a person who can
list the directory cannot tell whether a document they already hold is there,
as the plain digest would let them.  The chunks are sealed with a key drawn for
this file, each bound to its number and to being the last or not; that key is
wrapped by the documents key and bound to the address.  A chunk that is moved,
left out or brought from another file does not open.

``CRD1 ‖ wrapped key(66) ‖ (length(4) ‖ sealed chunk)…``
"""

import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from registry.crypto.derivation import derive
from registry.crypto.errors import CryptoError, SealBroken
from registry.crypto.keyset import KEY_BYTES, KeySet
from registry.crypto.sealing import OVERHEAD_BYTES, DataKey, FileKeyWrapper, Place
from registry.kernel.errors import Unavailable
from registry.kernel.messages import T

#: One byte below a power of two, which is what sealing pads it to.
CHUNK_BYTES = 2**20 - 1

_MAGIC = b"CRD1"
_WRAPPED_BYTES = KEY_BYTES + OVERHEAD_BYTES
_HEADER_BYTES = len(_MAGIC) + _WRAPPED_BYTES
_LENGTH_BYTES = 4
_ADDRESS_SALT = b"document-address/v1"
_DIRECTORY_MODE = 0o700


@dataclass(frozen=True)
class Stored:
    """A file that is safe on disk: its address and the length of what it holds."""

    ref: str
    size: int


def _chunk_place(number: int, *, last: bool) -> Place:
    return Place("document", "last" if last else "chunk", str(number))


def _key_place(ref: str) -> Place:
    return Place("document", "key", ref)


class Writer:
    """Takes the content of one new file, in any pieces, in flat memory."""

    def __init__(self, file: BinaryIO, wrapper: FileKeyWrapper, address_key: bytes) -> None:
        self._file = file
        self._wrapper = wrapper
        self._address = hmac.new(address_key, digestmod=hashlib.sha256)
        self._key = DataKey.new()
        self._waiting = bytearray()
        self._written = 0
        self.size = 0
        self._stored: Stored | None = None
        file.write(bytes(_HEADER_BYTES))

    @property
    def stored(self) -> Stored:
        """The file, once it is safe.

        :raises RuntimeError: the ``with`` block that writes it has not ended.
        """
        if self._stored is None:
            raise RuntimeError("the file is still being written")
        return self._stored

    def write(self, piece: bytes) -> int:
        """Take the next piece."""
        self._address.update(piece)
        self._waiting += piece
        self.size += len(piece)
        # One chunk is always held back: only the end tells which one is the last.
        while len(self._waiting) > CHUNK_BYTES:
            self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(piece)

    def flush(self) -> None:
        """Nothing waits for a flush: for writers that expect a file."""

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        blob = self._key.seal(chunk, _chunk_place(self._written, last=last))
        self._file.write(len(blob).to_bytes(_LENGTH_BYTES, "big") + blob)
        self._written += 1

    def finish(self) -> str:
        """Seal what is left and write the header; gives the file's address."""
        self._seal(bytes(self._waiting), last=True)
        ref = self._address.hexdigest()
        # Until here no header named a key: a file cut short by a crash opens for nobody.
        self._file.seek(0)
        self._file.write(_MAGIC + self._wrapper.wrap(self._key, _key_place(ref)))
        return ref

    def placed(self, ref: str) -> None:
        """Note that the file is safe at its address."""
        self._stored = Stored(ref, self.size)


@dataclass(frozen=True)
class Store:
    """A directory of sealed files."""

    keys: KeySet = field(repr=False)
    directory: Path

    @property
    def _address_key(self) -> bytes:
        return derive(self.keys.secret, _ADDRESS_SALT, "content")

    def path(self, ref: str) -> Path:
        """Where the file of this address lies."""
        return self.directory / ref[:2] / ref[2:]

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Write one file; it is in the store, synced to disk, when the block has ended."""
        self.directory.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.directory, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                writer = Writer(file, FileKeyWrapper(self.keys), self._address_key)
                yield writer
                ref = writer.finish()
                file.flush()
                os.fsync(file.fileno())
            self._place(Path(name), ref)
            writer.placed(ref)
        finally:
            Path(name).unlink()

    def _place(self, part: Path, ref: str) -> None:
        """Give the whole file its address; the same content may be there already."""
        path = self.path(ref)
        if not path.parent.exists():
            path.parent.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
            _sync_directory(self.directory)
        # A link, unlike a rename, never replaces: the same content is there already.
        with suppress(FileExistsError):
            os.link(part, path)
        _sync_directory(path.parent)

    def destroy(self, ref: str) -> bool:
        """Remove the file with its key, for good; whether it was there."""
        path = self.path(ref)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _sync_directory(path.parent)
        return True

    def chunks(self, ref: str) -> Iterator[bytes]:
        """The content, in order and in flat memory.

        :raises Unavailable: the file is not there, was changed or cut short, or
            its key is not in the keyring.
        """
        try:
            with self.path(ref).open("rb") as file:
                yield from self._opened(file, ref)
        except (OSError, CryptoError) as error:
            raise Unavailable(
                T("A file cannot be read back. Tell the registry's administrator.")
            ) from error

    def _opened(self, file: BinaryIO, ref: str) -> Iterator[bytes]:
        header = file.read(_HEADER_BYTES)
        if not header.startswith(_MAGIC):
            raise SealBroken("not a kept file")
        key = FileKeyWrapper(self.keys).unwrap(header[len(_MAGIC) :], _key_place(ref))
        number, blob = 0, _next_blob(file)
        while blob is not None:
            following = _next_blob(file)
            yield key.unseal(blob, _chunk_place(number, last=following is None))
            number, blob = number + 1, following
        if number == 0:
            raise SealBroken("a kept file has no content")


def _next_blob(file: BinaryIO) -> bytes | None:
    length = file.read(_LENGTH_BYTES)
    return file.read(int.from_bytes(length, "big")) if length else None


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_store: Store | None = None


def use(keys: KeySet, *, directory: Path) -> None:
    """Keep files in `directory`, sealed under `keys`; set once by the composition root."""
    global _store  # noqa: PLW0603 - one store per process
    _store = Store(keys, directory)


def _current() -> Store:
    if _store is None:
        raise RuntimeError("the documents have no keys: registry.documents.use")
    return _store


@contextmanager
def writing() -> Iterator[Writer]:
    """Write one new file piece by piece; afterwards its ``stored`` says where it is."""
    with _current().writing() as writer:
        yield writer


def put(content: bytes) -> Stored:
    """Keep `content`; it is safe on disk when this returns."""
    with writing() as writer:
        writer.write(content)
    return writer.stored


def holds(ref: str) -> bool:
    """Whether the content is there."""
    return _current().path(ref).exists()


def destroy(ref: str) -> bool:
    """Remove the content of a kept file for good; whether it was there.

    Only after the commit of what destroys it: a file that is gone does not come back.
    """
    return _current().destroy(ref)


def chunks(ref: str) -> Iterator[bytes]:
    """The content of a kept file, piece by piece.

    :raises Unavailable: it cannot be read back whole and unchanged.
    """
    return _current().chunks(ref)


def get(ref: str) -> bytes:
    """The whole content of a kept file; raises as `chunks` does."""
    return b"".join(chunks(ref))
