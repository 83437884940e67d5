"""pools

Revision: 5c829880a461
Follows: 15cbbf57d4c9
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations import triggers
from registry.migrations.checks import constrain, release, restrict

revision = '5c829880a461'
down_revision = '15cbbf57d4c9'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_MADE = ('collected', 'received', 'centrifuged', 'frozen', 'thawed', 'aliquoted', 'derived')
_KEPT = (
    'placed', 'moved', 'checked_out', 'returned', 'consumed', 'shipped', 'arrived', 'distributed',
    'corrected', 'quarantined', 'released', 'disposed', 'destroyed', 'defined',
)
_ACTS = (*_MADE, *_KEPT)
_ACTS_AFTER = (*_MADE, 'pooled', *_KEPT)
_PARENT = 'fk_sample_parent_id_sample', 'FOREIGN KEY(parent_id) REFERENCES sample (id)'
_NAMED = (
    'ck_quantity_entry_parent_is_named',
    "CHECK (reason <> 'received_from_parent' OR other_id IS NOT NULL)",
)

_REGISTRY_TRIGGERS = {'sqlite': ["CREATE TRIGGER quantity_entry_not_from_quarantine BEFORE INSERT ON quantity_entry WHEN NEW.reason = 'received_from_parent' AND EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.other_id AND closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a sample in quarantine is not divided'); END"], 'postgresql': ["CREATE FUNCTION quantity_entry_not_from_quarantine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.reason = 'received_from_parent' AND EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.other_id AND closed_at IS NULL) THEN RAISE EXCEPTION 'a sample in quarantine is not divided' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER quantity_entry_not_from_quarantine BEFORE INSERT ON quantity_entry FOR EACH ROW EXECUTE FUNCTION quantity_entry_not_from_quarantine()']}
_OLD_TRIGGERS = {'sqlite': ["CREATE TRIGGER sample_not_from_quarantine BEFORE INSERT ON sample WHEN NEW.parent_id IS NOT NULL AND EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.parent_id AND closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a sample in quarantine is not divided'); END"], 'postgresql': ["CREATE FUNCTION sample_not_from_quarantine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.parent_id IS NOT NULL AND EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.parent_id AND closed_at IS NULL) THEN RAISE EXCEPTION 'a sample in quarantine is not divided' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER sample_not_from_quarantine BEFORE INSERT ON sample FOR EACH ROW EXECUTE FUNCTION sample_not_from_quarantine()']}


def upgrade_registry() -> None:
    triggers.drop(_OLD_TRIGGERS[op.get_bind().dialect.name])
    _drop_function("sample_not_from_quarantine")
    # The first entry of a child's ledger names the parent already.
    op.drop_index(op.f('ix_sample_parent_id'), table_name='sample')
    release('sample', *_PARENT)
    op.drop_column('sample', 'parent_id')
    constrain('quantity_entry', *_NAMED)
    restrict('custody_act', 'kind', _ACTS, _ACTS_AFTER, name='actkind')
    _create(_REGISTRY_TRIGGERS)


def downgrade_registry() -> None:
    # What the older version has no word for cannot be kept by it: it refuses, and nothing is lost.
    used = sa.text("SELECT count(*) FROM custody_act WHERE kind = 'pooled'")
    if op.get_bind().execute(used).scalar_one():
        raise RuntimeError("custody_act.kind holds what the older version does not know")
    triggers.drop(_REGISTRY_TRIGGERS[op.get_bind().dialect.name])
    _drop_function("quantity_entry_not_from_quarantine")
    restrict('custody_act', 'kind', _ACTS_AFTER, _ACTS, name='actkind')
    release('quantity_entry', *_NAMED)
    kind = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.add_column('sample', sa.Column('parent_id', kind, nullable=True))
    op.execute(sa.text("""
        UPDATE sample SET parent_id = (
            SELECT other_id FROM quantity_entry
            WHERE sample_id = sample.id AND seq = 1 AND reason = 'received_from_parent'
        )
    """))
    constrain('sample', *_PARENT)
    op.create_index(op.f('ix_sample_parent_id'), 'sample', ['parent_id'], unique=False)
    _create(_OLD_TRIGGERS)


def _create(made: dict[str, list[str]]) -> None:
    for statement in made[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def _drop_function(name: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {name}()")


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass

