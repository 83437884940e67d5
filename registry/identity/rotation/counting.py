"""How many rows are under which key number."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from registry.identity.keys import EPOCH_SHIFT
from registry.identity.models import IndexEntry, KeyCheck
from registry.identity.rotation.tables import INDEXED, WRAPPED
from registry.persistence import db, vault_session

INDEX = "index"


def under(purpose: str) -> Counter[int]:
    """How many rows are under each number of a purpose's keys."""
    return _indexed() if purpose == INDEX else _wrapped(purpose)


def _wrapped(purpose: str) -> Counter[int]:
    found: Counter[int] = Counter()
    for one in WRAPPED:
        if one.purpose == purpose:
            number = one.table.c.key_number
            found.update(
                _grouped(
                    sa.select(number, sa.func.count())
                    .where(sa.func.length(one.table.c.wrapped_key) > 0)
                    .group_by(number)
                )
            )
    return found


def _indexed() -> Counter[int]:
    found: Counter[int] = Counter()
    for one in INDEXED:
        number = one.table.c.index_number
        found.update(
            _grouped(sa.select(number, sa.func.count()).where(one.readable).group_by(number))
        )
    return found


def lost(number: int) -> int:
    """How many rows under an index key cannot be read to be written under another."""
    return sum(
        vault_session.scalar(
            sa.select(sa.func.count())
            .select_from(one.table)
            .where(one.table.c.index_number == number, sa.not_(one.readable)),
            bind_arguments=_vault(),
        )
        or 0
        for one in INDEXED
    )


def to_reindex(active: int) -> int:
    """How many rows the index key `active` does not serve yet."""
    return sum(
        vault_session.scalar(
            sa.select(sa.func.count()).select_from(one.table).where(one.pending(active)),
            bind_arguments=_vault(),
        )
        or 0
        for one in INDEXED
    )


def has_entries(number: int) -> bool:
    """Whether an index entry is left under this number."""
    return bool(vault_session.scalar(sa.select(sa.exists().where(entries(number)))))


def entries(number: int) -> sa.ColumnElement[bool]:
    """The index entries under this number."""
    return IndexEntry.token.between(number << EPOCH_SHIFT, ((number + 1) << EPOCH_SHIFT) - 1)


def note_emptied(purpose: str, active: int, at: datetime) -> list[int]:
    """Remember since when the numbers before the active one have no rows; those newly so."""
    rows_under = under(purpose)
    older = sa.select(KeyCheck).where(KeyCheck.purpose == purpose, KeyCheck.number < active)
    emptied = []
    for check in vault_session.scalars(older):
        if rows_under[check.number] == 0 and check.emptied_at is None:
            check.emptied_at = at
            emptied.append(check.number)
    return emptied


def note_used(purpose: str, numbers: Collection[int]) -> None:
    """Forget since when these numbers have no rows: they had some until now."""
    emptied = sa.select(KeyCheck).where(
        KeyCheck.purpose == purpose,
        KeyCheck.number.in_(numbers),
        KeyCheck.emptied_at.is_not(None),
    )
    for check in vault_session.scalars(emptied):
        check.emptied_at = None


def _grouped(query: sa.Select[int, int]) -> dict[int, int]:
    rows = vault_session.execute(query, bind_arguments=_vault())
    return dict(rows.all())


def _vault() -> dict[str, sa.Engine]:
    return {"bind": db.engines["identity"]}
