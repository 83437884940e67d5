"""What the tests of the vault look through."""

from collections.abc import Callable, Iterator, Sequence

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.crypto import sealing
from registry.persistence import db, vault_session


@pytest.fixture
def decryptions(monkeypatch: pytest.MonkeyPatch) -> list[sealing.Place]:
    """The places of every blob opened since the test began."""
    opened: list[sealing.Place] = []
    honest = sealing._decrypt

    def counted(cipher, blob, place):
        opened.append(place)
        return honest(cipher, blob, place)

    monkeypatch.setattr(sealing, "_decrypt", counted)
    return opened


@pytest.fixture
def vault_queries(app: Flask) -> Iterator[list[tuple[str, object]]]:
    """Every query sent to the vault's database since the test began."""
    sent: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append((statement, parameters))

    engine = db.engines["identity"]
    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def rows_of(app: Flask) -> Callable[..., Sequence[sa.Row]]:
    """The rows of one of the vault's tables."""

    def rows(model) -> Sequence[sa.Row]:
        columns = [getattr(model, attribute.key) for attribute in sa.inspect(model).column_attrs]
        return vault_session.execute(sa.select(*columns).order_by(*columns[:2])).all()

    return rows
