"""inventories

Revision: 377c08aab337
Follows: 542bc994cbd5
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations import triggers

revision = '377c08aab337'
down_revision = '542bc994cbd5'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_REGISTRY_TRIGGERS = {'sqlite': ["CREATE TRIGGER inventory_no_update BEFORE UPDATE ON inventory BEGIN SELECT RAISE(ABORT, 'inventory is append-only'); END", "CREATE TRIGGER inventory_no_delete BEFORE DELETE ON inventory BEGIN SELECT RAISE(ABORT, 'inventory is append-only'); END", "CREATE TRIGGER inventory_line_no_update BEFORE UPDATE ON inventory_line BEGIN SELECT RAISE(ABORT, 'inventory_line is append-only'); END", "CREATE TRIGGER inventory_line_no_delete BEFORE DELETE ON inventory_line BEGIN SELECT RAISE(ABORT, 'inventory_line is append-only'); END"], 'postgresql': ['CREATE TRIGGER inventory_no_update BEFORE UPDATE ON inventory FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER inventory_no_delete BEFORE DELETE ON inventory FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER inventory_no_truncate BEFORE TRUNCATE ON inventory FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER inventory_line_no_update BEFORE UPDATE ON inventory_line FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER inventory_line_no_delete BEFORE DELETE ON inventory_line FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER inventory_line_no_truncate BEFORE TRUNCATE ON inventory_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()']}


def upgrade_registry() -> None:
    op.create_table('inventory',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('box_id', sa.Integer(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_login', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['user_account.id'], name=op.f('fk_inventory_actor_id_user_account')),
    sa.ForeignKeyConstraint(['box_id'], ['box.id'], name=op.f('fk_inventory_box_id_box')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory'))
    )
    op.create_index(op.f('ix_inventory_box_id'), 'inventory', ['box_id'], unique=False)
    op.create_table('inventory_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('inventory_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('finding', sa.Enum('present', 'other_cell', 'unexpected', 'missing', 'unknown', 'impossible', name='finding', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('cell', sa.String(length=10), nullable=True),
    sa.Column('acts', sa.Integer(), nullable=False),
    sa.CheckConstraint("finding <> 'missing' OR sample_id IS NOT NULL", name=op.f('ck_inventory_line_missing_is_known')),
    sa.ForeignKeyConstraint(['inventory_id'], ['inventory.id'], name=op.f('fk_inventory_line_inventory_id_inventory')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_inventory_line_sample_id_sample')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inventory_line')),
    sa.UniqueConstraint('inventory_id', 'code', name=op.f('uq_inventory_line_inventory_id_code'))
    )
    op.create_index(op.f('ix_inventory_line_sample_id'), 'inventory_line', ['sample_id'], unique=False)
    for statement in _REGISTRY_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade_registry() -> None:
    triggers.drop(_REGISTRY_TRIGGERS[op.get_bind().dialect.name])
    op.drop_index(op.f('ix_inventory_line_sample_id'), table_name='inventory_line')
    op.drop_table('inventory_line')
    op.drop_index(op.f('ix_inventory_box_id'), table_name='inventory')
    op.drop_table('inventory')


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass
