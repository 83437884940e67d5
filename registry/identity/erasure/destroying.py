"""Destroying what the vault holds of persons: every table that refers to them, found by its keys.

A table of the vault names a person by a foreign key to ``person`` or to a row
that does, or by a column ``person_uid``; whatever a new table keeps of a person
is therefore destroyed without anybody listing it here.  Only the history of
decisions stays, which is append-only and holds codes: who was once found to be
whom, under random names, with its reasons sealed by a key that is gone.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from registry.identity.erasure.models import Erasure
from registry.identity.models import MatchReview, Person, table_of
from registry.kernel import clock
from registry.persistence import VaultModel, appendonly, db, vault_session
from registry.vocab.erasure import Destroyed
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.reviews import WAITING

#: What the certificate calls a table's rows.
KINDS: dict[str, Destroyed] = {
    "identity_record": Destroyed.IDENTITIES,
    "index_entry": Destroyed.INDEX_ENTRIES,
    "hospital_identifier": Destroyed.HOSPITAL_NUMBERS,
    "refused_number": Destroyed.HOSPITAL_NUMBERS,
    "source_row": Destroyed.SOURCE_ROWS,
    "national_identifier": Destroyed.NATIONAL_IDENTITIES,
    "contact_data": Destroyed.CONTACTS,
    "foreign_pseudonym": Destroyed.PSEUDONYMS,
}
_KEY = "wrapped_key"
#: No key has this number: nothing that was erased waits for a key to be kept.
NO_KEY = 0


@dataclass(frozen=True)
class Destruction:
    """What was destroyed: how many rows of each kind, and which sealed keys."""

    counts: dict[str, int]
    key_digests: Sequence[str]


def destroy(people: Collection[Person]) -> Destruction:
    """Destroy everything of these persons but their rows' random names.

    What is read of them afterwards in this unit of work is read anew.
    """
    counts: Counter[str] = Counter()
    keys: list[bytes] = []
    for table, condition in reversed(list(_reached(people))):
        if _KEY in table.c:
            keys += _values(table.c[_KEY], condition)
        gone = vault_session.execute(sa.delete(table).where(condition))
        counts[KINDS.get(table.name, Destroyed.OTHERS)] += _rows(gone)
    for person in people:
        keys.append(person.wrapped_key)
        person.standing, person.merged_into_id = Standing.ERASED, None
        person.wrapped_key, person.key_number = b"", NO_KEY
    vault_session.flush()
    vault_session.expire_all()
    counts[Destroyed.KEYS] = len(keys)
    return Destruction(
        {kind.value: counts[kind] for kind in Destroyed if counts[kind]},
        [hashlib.sha256(key).hexdigest() for key in keys],
    )


def _values(column: sa.Column[Any], condition: sa.ColumnElement[bool]) -> Sequence[Any]:
    return vault_session.scalars(
        sa.select(column).where(condition), bind_arguments={"bind": db.engines["identity"]}
    ).all()


def _rows(result: sa.Result[Any]) -> int:
    return result.rowcount if isinstance(result, sa.CursorResult) else 0


def _is_history(table: sa.Table) -> bool:
    """Whether rows of the table can never be deleted: append-only, or what such rows refer to."""
    return table in (table_of(MatchReview), *appendonly.TABLES) or any(
        key.column.table is table and _is_history(other)
        for other in VaultModel.metadata.sorted_tables
        if other is not table
        for key in other.foreign_keys
    )


def close_reviews(login: str, person_ids: Collection[int]) -> None:
    """End every review of one of these persons, and forget how far the two agreed."""
    about = sa.or_(MatchReview.first_id.in_(person_ids), MatchReview.second_id.in_(person_ids))
    forgotten = {"bits": 0.0, "levels": {}, "weights": {}, "version": MatchReview.version + 1}
    ended = {"outcome": ReviewOutcome.DIFFERENT, "decided_at": clock.now(), "decided_by": login}
    for condition, values in ((MatchReview.outcome.in_(WAITING), ended), (sa.true(), forgotten)):
        vault_session.execute(
            sa.update(MatchReview)
            .where(about, condition)
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _reached(people: Collection[Person]) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Each table that refers to the persons, before those that refer to it, and to which rows."""
    ids: dict[str, list[int]] = {table_of(Person).name: [person.id for person in people]}
    uids = [person.uid for person in people]
    for table in VaultModel.metadata.sorted_tables:
        if table in (table_of(Person), table_of(Erasure)) or _is_history(table):
            continue
        conditions = [
            key.parent.in_(ids[key.column.table.name])
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
            if key.column.table.name in ids
        ]
        if "person_uid" in table.c:
            conditions.append(table.c.person_uid.in_(uids))
        if conditions:
            condition = sa.or_(*conditions)
            if "id" in table.c:
                ids[table.name] = list(_values(table.c.id, condition))
            yield table, condition
