"""nanograms

Revision: d7ef2204777c
Follows: 0e3275bf3c76
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations.checks import restrict

revision = 'd7ef2204777c'
down_revision = '0e3275bf3c76'
branch_labels = None
depends_on = None

_UNITS = ('mL', 'uL', 'g', 'mg', 'ug', '10*6')
_UNITS_AFTER = ('mL', 'uL', 'g', 'mg', 'ug', 'ng', '10*6')
_TABLES = ('sample', 'kit_tube', 'tray_tube')


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


def upgrade_registry() -> None:
    for table in _TABLES:
        restrict(table, 'unit', _UNITS, _UNITS_AFTER, name='unit')


def downgrade_registry() -> None:
    # What the older version has no word for cannot be kept by it: it refuses, and nothing is lost.
    for table in _TABLES:
        used = sa.text(f"SELECT count(*) FROM {table} WHERE unit = 'ng'")
        if op.get_bind().execute(used).scalar_one():
            raise RuntimeError(f"{table}.unit holds what the older version does not know")
        restrict(table, 'unit', _UNITS_AFTER, _UNITS, name='unit')


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass
