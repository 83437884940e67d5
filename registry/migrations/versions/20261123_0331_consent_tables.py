"""consent tables

Revision: 7729780710a8
Follows: 7b1e0c4d92af
"""

import sqlalchemy as sa
from alembic import op

revision = '7729780710a8'
down_revision = '7b1e0c4d92af'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_REGISTRY_TRIGGERS = {'sqlite': ["CREATE TRIGGER consent_information_no_update BEFORE UPDATE ON consent_information BEGIN SELECT RAISE(ABORT, 'consent_information is append-only'); END", "CREATE TRIGGER consent_information_no_delete BEFORE DELETE ON consent_information BEGIN SELECT RAISE(ABORT, 'consent_information is append-only'); END", "CREATE TRIGGER consent_signatory_no_update BEFORE UPDATE ON consent_signatory BEGIN SELECT RAISE(ABORT, 'consent_signatory is append-only'); END", "CREATE TRIGGER consent_signatory_no_delete BEFORE DELETE ON consent_signatory BEGIN SELECT RAISE(ABORT, 'consent_signatory is append-only'); END", "CREATE TRIGGER consent_proof_no_update BEFORE UPDATE ON consent_proof BEGIN SELECT RAISE(ABORT, 'consent_proof is append-only'); END", "CREATE TRIGGER consent_proof_no_delete BEFORE DELETE ON consent_proof BEGIN SELECT RAISE(ABORT, 'consent_proof is append-only'); END", "CREATE TRIGGER consent_check_no_update BEFORE UPDATE ON consent_check BEGIN SELECT RAISE(ABORT, 'consent_check is append-only'); END", "CREATE TRIGGER consent_check_no_delete BEFORE DELETE ON consent_check BEGIN SELECT RAISE(ABORT, 'consent_check is append-only'); END", "CREATE TRIGGER withdrawal_item_no_update BEFORE UPDATE ON withdrawal_item BEGIN SELECT RAISE(ABORT, 'withdrawal_item is append-only'); END", "CREATE TRIGGER withdrawal_item_no_delete BEFORE DELETE ON withdrawal_item BEGIN SELECT RAISE(ABORT, 'withdrawal_item is append-only'); END", "CREATE TRIGGER withdrawal_project_no_update BEFORE UPDATE ON withdrawal_project BEGIN SELECT RAISE(ABORT, 'withdrawal_project is append-only'); END", "CREATE TRIGGER withdrawal_project_no_delete BEFORE DELETE ON withdrawal_project BEGIN SELECT RAISE(ABORT, 'withdrawal_project is append-only'); END", "CREATE TRIGGER withdrawal_choice_no_update BEFORE UPDATE ON withdrawal_choice BEGIN SELECT RAISE(ABORT, 'withdrawal_choice is append-only'); END", "CREATE TRIGGER withdrawal_choice_no_delete BEFORE DELETE ON withdrawal_choice BEGIN SELECT RAISE(ABORT, 'withdrawal_choice is append-only'); END"], 'postgresql': ['CREATE TRIGGER consent_information_no_update BEFORE UPDATE ON consent_information FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_information_no_delete BEFORE DELETE ON consent_information FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_information_no_truncate BEFORE TRUNCATE ON consent_information FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_signatory_no_update BEFORE UPDATE ON consent_signatory FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_signatory_no_delete BEFORE DELETE ON consent_signatory FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_signatory_no_truncate BEFORE TRUNCATE ON consent_signatory FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_proof_no_update BEFORE UPDATE ON consent_proof FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_proof_no_delete BEFORE DELETE ON consent_proof FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_proof_no_truncate BEFORE TRUNCATE ON consent_proof FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_check_no_update BEFORE UPDATE ON consent_check FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_check_no_delete BEFORE DELETE ON consent_check FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_check_no_truncate BEFORE TRUNCATE ON consent_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_item_no_update BEFORE UPDATE ON withdrawal_item FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_item_no_delete BEFORE DELETE ON withdrawal_item FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_item_no_truncate BEFORE TRUNCATE ON withdrawal_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_project_no_update BEFORE UPDATE ON withdrawal_project FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_project_no_delete BEFORE DELETE ON withdrawal_project FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_project_no_truncate BEFORE TRUNCATE ON withdrawal_project FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_choice_no_update BEFORE UPDATE ON withdrawal_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_choice_no_delete BEFORE DELETE ON withdrawal_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_choice_no_truncate BEFORE TRUNCATE ON withdrawal_choice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()']}


def upgrade_registry() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('consent_information',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('informed_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.Enum('paper', 'letter', 'telephone', 'email', 'in_person', 'import', 'screen', 'online', name='channel', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_consent_information_participant_id_participant')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_consent_information_recorded_by_id_user_account')),
    sa.ForeignKeyConstraint(['template_id'], ['consent_template.id'], name=op.f('fk_consent_information_template_id_consent_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_information'))
    )
    op.create_index(op.f('ix_consent_information_participant_id'), 'consent_information', ['participant_id'], unique=False)
    op.create_index(op.f('ix_consent_information_template_id'), 'consent_information', ['template_id'], unique=False)
    op.create_table('consent_check',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outcome', sa.Enum('passed', 'failed', name='checkoutcome', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('remark', sa.String(length=500), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("outcome = 'passed' OR remark IS NOT NULL", name=op.f('ck_consent_check_failure_has_remark')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_consent_check_consent_id_consent')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_consent_check_recorded_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_check'))
    )
    op.create_index(op.f('ix_consent_check_consent_id'), 'consent_check', ['consent_id'], unique=False)
    op.create_table('consent_item_term',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('term', sa.Enum('NRES', 'GRU', 'HMB', 'DS', 'POA', 'RS', 'GSO', 'NMDS', 'NPOA', 'NPU', 'NCU', 'NPUNCU', 'IRB', 'US', 'PS', 'IS', 'GS', 'TS', 'MOR', 'PUB', 'COL', 'RTN', 'CC', name='duoterm', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('parameter', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['consent_item.id'], name=op.f('fk_consent_item_term_item_id_consent_item')),
    sa.PrimaryKeyConstraint('item_id', 'term', 'parameter', name=op.f('pk_consent_item_term'))
    )
    op.create_table('consent_proof',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('consent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('scan', 'screen', name='proofkind', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(kind = 'screen') = (text_sha256 IS NOT NULL)", name=op.f('ck_consent_proof_screen_has_text')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_consent_proof_consent_id_consent')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_consent_proof_document_id_document')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_consent_proof_recorded_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_proof'))
    )
    op.create_index(op.f('ix_consent_proof_consent_id'), 'consent_proof', ['consent_id'], unique=False)
    op.create_table('consent_signatory',
    sa.Column('consent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('self', 'parent', 'second_parent', 'guardian', 'mandate', 'trusted_person', 'witness', name='signatoryrole', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('stance', sa.Enum('agrees', 'opposes', name='stance', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('authority_document_id', sa.Integer(), nullable=True),
    sa.Column('authority_from', sa.Date(), nullable=True),
    sa.Column('authority_to', sa.Date(), nullable=True),
    sa.CheckConstraint('authority_to >= authority_from', name=op.f('ck_consent_signatory_authority_period')),
    sa.ForeignKeyConstraint(['authority_document_id'], ['document.id'], name=op.f('fk_consent_signatory_authority_document_id_document')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_consent_signatory_consent_id_consent')),
    sa.PrimaryKeyConstraint('consent_id', 'role', name=op.f('pk_consent_signatory'))
    )
    op.create_table('withdrawal_choice',
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('effect', sa.Enum('no_contact', 'stop_collection', 'stop_use', 'destroy_samples', 'erase_data', name='withdrawaleffect', native_enum=False, create_constraint=True), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_choice_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('withdrawal_id', 'effect', name=op.f('pk_withdrawal_choice'))
    )
    op.create_table('withdrawal_item',
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_code', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_item_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('withdrawal_id', 'item_code', name=op.f('pk_withdrawal_item'))
    )
    op.create_table('withdrawal_project',
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_project_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('withdrawal_id', 'project', name=op.f('pk_withdrawal_project'))
    )
    # ### end Alembic commands ###
    for statement in _REGISTRY_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade_registry() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table('withdrawal_project')
    op.drop_table('withdrawal_item')
    op.drop_table('withdrawal_choice')
    op.drop_table('consent_signatory')
    op.drop_index(op.f('ix_consent_proof_consent_id'), table_name='consent_proof')
    op.drop_table('consent_proof')
    op.drop_table('consent_item_term')
    op.drop_index(op.f('ix_consent_check_consent_id'), table_name='consent_check')
    op.drop_table('consent_check')
    op.drop_index(op.f('ix_consent_information_template_id'), table_name='consent_information')
    op.drop_index(op.f('ix_consent_information_participant_id'), table_name='consent_information')
    op.drop_table('consent_information')
    # ### end Alembic commands ###



def upgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###


def downgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###

