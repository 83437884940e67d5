"""A label printer on the loopback that records what it is sent, and a reader of ZPL."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from registry.labels import printers
from registry.labels.models import Printer
from registry.labels.printers import PrinterFacts
from registry.vocab.printing import PrinterResolution, PrintMethod
from tests.factories.accounts import People

PATIENCE_SECONDS = 10


class FakePrinter:
    """Takes one connection after the other and keeps what came through each."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._received: list[bytes] = []
        self._thread = Thread(target=self._listen, name="printer")
        self._thread.start()

    def _listen(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            with connection:
                connection.settimeout(PATIENCE_SECONDS)
                data = _all_of(connection)
            if not data:
                return
            self._received.append(data)

    def switch_off(self) -> list[str]:
        """Stop listening; what was received, connection by connection."""
        if self._listening.fileno() != -1:
            # A connection that says nothing ends the thread.
            socket.create_connection(("127.0.0.1", self.port)).close()
            self._thread.join()
            self._listening.close()
        return [data.decode() for data in self._received]


def _all_of(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(4096), b""))


@contextmanager
def switched_on() -> Iterator[FakePrinter]:
    """A printer for as long as the block lasts."""
    printer = FakePrinter()
    try:
        yield printer
    finally:
        printer.switch_off()


def unused_port() -> int:
    """A port of the loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def make_printer(actors: People, *, site_id: int, port: int, **changes: Any) -> Printer:
    """The default printer for cryotube labels at a site."""
    facts: dict[str, Any] = {
        "name": "Zebra 1",
        "host": "127.0.0.1",
        "port": port,
        "resolution": PrinterResolution.DPI_300,
        "method": PrintMethod.TRANSFER,
        "label_width": 33.0,
        "label_height": 13.0,
        "is_default": True,
        **changes,
    }
    return printers.set_up(actors.admin, site_id=site_id, facts=PrinterFacts(**facts))


@dataclass(frozen=True)
class Field:
    """One printed field: where its upper left corner is, in dots, how large, what it says."""

    command: str
    x: int
    y: int
    size: tuple[int, ...]
    data: str


@dataclass
class ReadLabel:
    """A label as a printer understands it."""

    settings: dict[str, str] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)

    @property
    def symbol(self) -> Field:
        """Its one DataMatrix."""
        [found] = [one for one in self.fields if one.command == "BX"]
        return found

    @property
    def texts(self) -> list[Field]:
        """Its lines."""
        return [one for one in self.fields if one.command == "A0"]


_COMMANDS = ("XA", "XZ", "CI", "MT", "PW", "LL", "LH", "PQ", "FO", "FH", "FD", "FS", "BX", "A0")


def read_zpl(stream: str) -> list[ReadLabel]:
    """What a printer prints of `stream`.

    :raises ValueError: there is a command that we never send.
    """
    labels: list[ReadLabel] = []
    at, kind, size = (0, 0), "", ()
    hexed = False
    for prefix, part in re.findall(r"([\^~])([^\^~]*)", stream):
        name, rest = part[:2], part[2:].rstrip("\n")
        if prefix != "^" or name not in _COMMANDS:
            raise ValueError(f"{prefix}{part}")
        if name == "XA":
            labels.append(ReadLabel())
        elif name == "FO":
            at = tuple(int(number) for number in rest.split(","))
        elif name in ("BX", "A0"):
            kind, size = name, tuple(int(one) for one in rest.split(",") if one.isdigit())
        elif name == "FH":
            hexed = True
        elif name == "FD":
            data = _decoded(rest) if hexed else rest
            data = _symbol_of(data) if kind == "BX" else data
            labels[-1].fields.append(Field(kind, *at, size, data))
            hexed = False
        elif name not in ("FS", "XZ"):
            labels[-1].settings[name] = rest
    return labels


def _symbol_of(data: str) -> str:
    """What the symbol bears: a lone underscore would begin an escape of the printer's own."""
    if "_" in data.replace("__", ""):
        raise ValueError(data)
    return data.replace("__", "_")


def _decoded(text: str) -> str:
    return re.sub(r"_([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)
