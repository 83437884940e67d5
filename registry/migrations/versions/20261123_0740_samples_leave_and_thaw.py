"""samples leave and thaw

Revision: 5d8e21c7a40b
Follows: f304fae38880
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations.checks import replace_check, restrict

revision = '5d8e21c7a40b'
down_revision = 'f304fae38880'
branch_labels = None
depends_on = None

_HOLDERS = ('collection_site', 'bench', 'position', 'person', 'destroyed')
_HOLDERS_AFTER = ('collection_site', 'bench', 'position', 'person', 'shipment', 'partner',
                  'destroyed')
_ACTS = ('collected', 'received', 'centrifuged', 'frozen', 'aliquoted', 'derived', 'placed',
         'moved', 'checked_out', 'returned', 'corrected', 'quarantined', 'released', 'destroyed')
_ACTS_AFTER = ('collected', 'received', 'centrifuged', 'frozen', 'thawed', 'aliquoted', 'derived',
               'placed', 'moved', 'checked_out', 'returned', 'consumed', 'shipped', 'arrived',
               'distributed', 'corrected', 'quarantined', 'released', 'disposed', 'destroyed')

#: Table, column, the values before and after, and the constraint's name.
_WIDER = (
    ('holding', 'kind', _HOLDERS, _HOLDERS_AFTER, 'holderkind'),
    ('custody_act', 'holder_before', _HOLDERS, _HOLDERS_AFTER, 'holder_before'),
    ('custody_act', 'holder_after', _HOLDERS, _HOLDERS_AFTER, 'holder_after'),
    ('custody_act', 'kind', _ACTS, _ACTS_AFTER, 'actkind'),
)

_NO_CELL = "{kind} NOT IN ('collection_site', 'bench', 'destroyed') OR box_id IS NULL"
_NO_CELL_AFTER = ("{kind} NOT IN ('collection_site', 'bench', 'shipment', 'partner', 'destroyed')"
                  " OR box_id IS NULL")


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


def upgrade_registry() -> None:
    for table, column, before, after, name in _WIDER:
        restrict(table, column, before, after, name=name)
    _no_cell(_NO_CELL, _NO_CELL_AFTER)


def downgrade_registry() -> None:
    # What the older version has no word for cannot be kept by it: it refuses, and nothing is lost.
    _no_cell(_NO_CELL_AFTER, _NO_CELL)
    for table, column, before, after, name in _WIDER:
        _refuse_if_used(table, column, set(after) - set(before))
        restrict(table, column, after, before, name=name)


def _no_cell(before: str, after: str) -> None:
    for table, kind in (('holding', 'kind'), ('custody_act', 'holder_after')):
        replace_check(table, 'others_have_no_cell', before.format(kind=kind),
                      after.format(kind=kind))


def _refuse_if_used(table: str, column: str, values: set[str]) -> None:
    used = sa.text(f"SELECT count(*) FROM {table} WHERE {column} IN :values").bindparams(
        sa.bindparam('values', sorted(values), expanding=True))
    if op.get_bind().execute(used).scalar_one():
        raise RuntimeError(f"{table}.{column} holds what the older version does not know")


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass
