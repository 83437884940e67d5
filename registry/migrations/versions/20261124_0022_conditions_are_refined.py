"""conditions are refined

Revision: 15cbbf57d4c9
Follows: 3a38bb40b7f0
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations.checks import restrict

revision = '15cbbf57d4c9'
down_revision = '3a38bb40b7f0'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_BEFORE = ('checkout_reason', 'disposal_reason')
_AFTER = (*_BEFORE, 'condition')


def upgrade_registry() -> None:
    restrict('term', 'vocabulary', _BEFORE, _AFTER)


def downgrade_registry() -> None:
    # What the older version has no word for cannot be kept by it: it refuses, and nothing is lost.
    used = sa.text("SELECT count(*) FROM term WHERE vocabulary = 'condition'")
    if op.get_bind().execute(used).scalar_one():
        raise RuntimeError("term.vocabulary holds what the older version does not know")
    restrict('term', 'vocabulary', _AFTER, _BEFORE)


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass

