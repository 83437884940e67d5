"""room in storage places

Revision: 542bc994cbd5
Follows: 7377bfec653e
"""

import sqlalchemy as sa
from alembic import op

revision = '542bc994cbd5'
down_revision = '7377bfec653e'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


def upgrade_registry() -> None:
    op.add_column('storage_unit', sa.Column('capacity', sa.Integer(), nullable=True))


def downgrade_registry() -> None:
    op.drop_column('storage_unit', 'capacity')


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass
