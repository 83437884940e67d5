"""types and containers are refined

Revision: e622878af9f1
Follows: b1be3e017bc5
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations.checks import restrict

revision = 'e622878af9f1'
down_revision = 'b1be3e017bc5'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_BEFORE = ('checkout_reason', 'disposal_reason', 'condition')
_AFTER = (
    *_BEFORE, 'incident_kind', 'shortfall', 'sample_type', 'container_type', 'unit',
)
_COLUMNS = (
    ('incident', 'term'),
    ('plan_shortfall', 'term'),
    *(
        (table, column)
        for table in ('kit_tube', 'planned_sample', 'tray_tube', 'sample')
        for column in ('type_term', 'container_term')
    ),
)


def upgrade_registry() -> None:
    restrict('term', 'vocabulary', _BEFORE, _AFTER)
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=True))


def downgrade_registry() -> None:
    # What the older version has no word for cannot be kept by it: it refuses, and nothing is lost.
    known = sa.text("SELECT count(*) FROM term WHERE vocabulary NOT IN :known")
    used = op.get_bind().execute(
        known.bindparams(sa.bindparam('known', _BEFORE, expanding=True))
    ).scalar_one()
    if used:
        raise RuntimeError("term.vocabulary holds what the older version does not know")
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column)
    restrict('term', 'vocabulary', _AFTER, _BEFORE)


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass

