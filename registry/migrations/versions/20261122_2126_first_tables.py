"""first tables

Revision: 6e3d6066edf5
Follows: 
"""

import sqlalchemy as sa
from alembic import op

revision = '6e3d6066edf5'
down_revision = None
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_REGISTRY_TRIGGERS = {'sqlite': ["CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END", "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END", "CREATE TRIGGER application_step_no_update BEFORE UPDATE ON application_step BEGIN SELECT RAISE(ABORT, 'application_step is append-only'); END", "CREATE TRIGGER application_step_no_delete BEFORE DELETE ON application_step BEGIN SELECT RAISE(ABORT, 'application_step is append-only'); END", "CREATE TRIGGER participant_history_no_update BEFORE UPDATE ON participant_history BEGIN SELECT RAISE(ABORT, 'participant_history is append-only'); END", "CREATE TRIGGER participant_history_no_delete BEFORE DELETE ON participant_history BEGIN SELECT RAISE(ABORT, 'participant_history is append-only'); END", "CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END", "CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END", "CREATE TRIGGER withdrawal_no_update BEFORE UPDATE ON withdrawal BEGIN SELECT RAISE(ABORT, 'withdrawal is append-only'); END", "CREATE TRIGGER withdrawal_no_delete BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'withdrawal is append-only'); END", "CREATE TRIGGER kit_collection_no_update BEFORE UPDATE ON kit_collection BEGIN SELECT RAISE(ABORT, 'kit_collection is append-only'); END", "CREATE TRIGGER kit_collection_no_delete BEFORE DELETE ON kit_collection BEGIN SELECT RAISE(ABORT, 'kit_collection is append-only'); END", "CREATE TRIGGER consent_answer_no_update BEFORE UPDATE ON consent_answer BEGIN SELECT RAISE(ABORT, 'consent_answer is append-only'); END", "CREATE TRIGGER consent_answer_no_delete BEFORE DELETE ON consent_answer BEGIN SELECT RAISE(ABORT, 'consent_answer is append-only'); END", "CREATE TRIGGER withdrawal_use_no_update BEFORE UPDATE ON withdrawal_use BEGIN SELECT RAISE(ABORT, 'withdrawal_use is append-only'); END", "CREATE TRIGGER withdrawal_use_no_delete BEFORE DELETE ON withdrawal_use BEGIN SELECT RAISE(ABORT, 'withdrawal_use is append-only'); END", "CREATE TRIGGER extract_member_no_update BEFORE UPDATE ON extract_member BEGIN SELECT RAISE(ABORT, 'extract_member is append-only'); END", "CREATE TRIGGER extract_member_no_delete BEFORE DELETE ON extract_member BEGIN SELECT RAISE(ABORT, 'extract_member is append-only'); END", "CREATE TRIGGER extract_download_no_update BEFORE UPDATE ON extract_download BEGIN SELECT RAISE(ABORT, 'extract_download is append-only'); END", "CREATE TRIGGER extract_download_no_delete BEFORE DELETE ON extract_download BEGIN SELECT RAISE(ABORT, 'extract_download is append-only'); END", "CREATE TRIGGER missing_tube_no_update BEFORE UPDATE ON missing_tube BEGIN SELECT RAISE(ABORT, 'missing_tube is append-only'); END", "CREATE TRIGGER missing_tube_no_delete BEFORE DELETE ON missing_tube BEGIN SELECT RAISE(ABORT, 'missing_tube is append-only'); END", "CREATE TRIGGER quantity_entry_no_update BEFORE UPDATE ON quantity_entry BEGIN SELECT RAISE(ABORT, 'quantity_entry is append-only'); END", "CREATE TRIGGER quantity_entry_no_delete BEFORE DELETE ON quantity_entry BEGIN SELECT RAISE(ABORT, 'quantity_entry is append-only'); END", "CREATE TRIGGER quantity_entry_conserved BEFORE INSERT ON quantity_entry WHEN NEW.seq <> 1 + coalesce( (SELECT max(seq) FROM quantity_entry WHERE sample_id = NEW.sample_id), 0) OR NEW.balance <> NEW.delta + coalesce( (SELECT balance FROM quantity_entry WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1), 0) BEGIN SELECT RAISE(ABORT, 'quantity_entry is not conserved'); END", 'CREATE TRIGGER quantity_entry_carried AFTER INSERT ON quantity_entry BEGIN UPDATE sample SET remaining = (SELECT balance FROM quantity_entry WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1) WHERE id = NEW.sample_id; END', "CREATE TRIGGER sample_begins_empty BEFORE INSERT ON sample WHEN NEW.remaining <> 0 BEGIN SELECT RAISE(ABORT, 'sample.remaining comes from the ledger'); END", "CREATE TRIGGER sample_remaining_is_ledger BEFORE UPDATE OF remaining ON sample WHEN NEW.remaining <> coalesce( (SELECT balance FROM quantity_entry WHERE sample_id = NEW.id ORDER BY seq DESC LIMIT 1), 0) BEGIN SELECT RAISE(ABORT, 'sample.remaining comes from the ledger'); END", "CREATE TRIGGER custody_act_no_update BEFORE UPDATE ON custody_act BEGIN SELECT RAISE(ABORT, 'custody_act is append-only'); END", "CREATE TRIGGER custody_act_no_delete BEFORE DELETE ON custody_act BEGIN SELECT RAISE(ABORT, 'custody_act is append-only'); END"], 'postgresql': ["CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$", 'CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER application_step_no_update BEFORE UPDATE ON application_step FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER application_step_no_delete BEFORE DELETE ON application_step FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER application_step_no_truncate BEFORE TRUNCATE ON application_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER participant_history_no_update BEFORE UPDATE ON participant_history FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER participant_history_no_delete BEFORE DELETE ON participant_history FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER participant_history_no_truncate BEFORE TRUNCATE ON participant_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_no_delete BEFORE DELETE ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_no_truncate BEFORE TRUNCATE ON consent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_no_update BEFORE UPDATE ON withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_no_delete BEFORE DELETE ON withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_no_truncate BEFORE TRUNCATE ON withdrawal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER kit_collection_no_update BEFORE UPDATE ON kit_collection FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER kit_collection_no_delete BEFORE DELETE ON kit_collection FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER kit_collection_no_truncate BEFORE TRUNCATE ON kit_collection FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_answer_no_update BEFORE UPDATE ON consent_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_answer_no_delete BEFORE DELETE ON consent_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_answer_no_truncate BEFORE TRUNCATE ON consent_answer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_use_no_update BEFORE UPDATE ON withdrawal_use FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_use_no_delete BEFORE DELETE ON withdrawal_use FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_use_no_truncate BEFORE TRUNCATE ON withdrawal_use FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER extract_member_no_update BEFORE UPDATE ON extract_member FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER extract_member_no_delete BEFORE DELETE ON extract_member FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER extract_member_no_truncate BEFORE TRUNCATE ON extract_member FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER extract_download_no_update BEFORE UPDATE ON extract_download FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER extract_download_no_delete BEFORE DELETE ON extract_download FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER extract_download_no_truncate BEFORE TRUNCATE ON extract_download FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER missing_tube_no_update BEFORE UPDATE ON missing_tube FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER missing_tube_no_delete BEFORE DELETE ON missing_tube FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER missing_tube_no_truncate BEFORE TRUNCATE ON missing_tube FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER quantity_entry_no_update BEFORE UPDATE ON quantity_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER quantity_entry_no_delete BEFORE DELETE ON quantity_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER quantity_entry_no_truncate BEFORE TRUNCATE ON quantity_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', "CREATE FUNCTION quantity_entry_conserved() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE previous record; BEGIN SELECT seq, balance INTO previous FROM quantity_entry WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1; IF NEW.seq <> 1 + coalesce(previous.seq, 0) OR NEW.balance <> NEW.delta + coalesce(previous.balance, 0) THEN RAISE EXCEPTION 'quantity_entry is not conserved' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER quantity_entry_conserved BEFORE INSERT ON quantity_entry FOR EACH ROW EXECUTE FUNCTION quantity_entry_conserved()', 'CREATE FUNCTION quantity_entry_carried() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE sample SET remaining = (SELECT balance FROM quantity_entry WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1) WHERE id = NEW.sample_id; RETURN NULL; END $$', 'CREATE TRIGGER quantity_entry_carried AFTER INSERT ON quantity_entry FOR EACH ROW EXECUTE FUNCTION quantity_entry_carried()', "CREATE FUNCTION sample_remaining_is_ledger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.remaining <> coalesce( (SELECT balance FROM quantity_entry WHERE sample_id = NEW.id ORDER BY seq DESC LIMIT 1), 0) THEN RAISE EXCEPTION 'sample.remaining comes from the ledger' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER sample_remaining_is_ledger BEFORE INSERT OR UPDATE OF remaining ON sample FOR EACH ROW EXECUTE FUNCTION sample_remaining_is_ledger()', 'CREATE TRIGGER custody_act_no_update BEFORE UPDATE ON custody_act FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER custody_act_no_delete BEFORE DELETE ON custody_act FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER custody_act_no_truncate BEFORE TRUNCATE ON custody_act FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()']}


def upgrade_registry() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('application_counter',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_application_counter'))
    )
    op.create_table('audit_entry',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_login', sa.String(length=64), nullable=False),
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.Column('object_ref', sa.String(length=120), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('request_id', sa.String(length=40), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('previous', sa.LargeBinary(length=32), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('digest', name=op.f('uq_audit_entry_digest'))
    )
    op.create_index(op.f('ix_audit_entry_actor_id'), 'audit_entry', ['actor_id'], unique=False)
    op.create_index(op.f('ix_audit_entry_at'), 'audit_entry', ['at'], unique=False)
    op.create_index(op.f('ix_audit_entry_object_ref'), 'audit_entry', ['object_ref'], unique=False)
    op.create_index(op.f('ix_audit_entry_tag'), 'audit_entry', ['tag'], unique=False)
    op.create_table('cohort',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort')),
    sa.UniqueConstraint('code', name=op.f('uq_cohort_code'))
    )
    op.create_table('consent_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('language', sa.Enum('fr', 'en', name='language', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('regime', sa.Enum('express', 'non_opposition', name='regime', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('status', sa.Enum('draft', 'final', 'retired', name='templatestatus', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('document_sha256', sa.String(length=64), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("status = 'draft' OR document_sha256 IS NOT NULL", name=op.f('ck_consent_template_final_has_document')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_consent_template_validity')),
    sa.CheckConstraint('version > 0', name=op.f('ck_consent_template_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_template')),
    sa.UniqueConstraint('code', 'version', 'language', name=op.f('uq_consent_template_code_version_language'))
    )
    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size >= 0', name=op.f('ck_document_size')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('ref', name=op.f('uq_document_ref'))
    )
    op.create_table('handled_request',
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('payload_digest', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_handled_request'))
    )
    op.create_index(op.f('ix_handled_request_handled_at'), 'handled_request', ['handled_at'], unique=False)
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login_digest', sa.String(length=64), nullable=False),
    sa.Column('address_digest', sa.String(length=64), nullable=False),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('stopped', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    op.create_index(op.f('ix_sign_in_attempt_address_digest'), 'sign_in_attempt', ['address_digest'], unique=False)
    op.create_index(op.f('ix_sign_in_attempt_attempted_at'), 'sign_in_attempt', ['attempted_at'], unique=False)
    op.create_index(op.f('ix_sign_in_attempt_login_digest'), 'sign_in_attempt', ['login_digest'], unique=False)
    op.create_table('site',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('hospital', 'biobank', 'partner', name='sitekind', native_enum=False, create_constraint=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site')),
    sa.UniqueConstraint('code', name=op.f('uq_site_code'))
    )
    op.create_table('tube_number',
    sa.Column('letter', sa.String(length=1), nullable=False),
    sa.Column('next_number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('next_number >= 0', name=op.f('ck_tube_number_next_number')),
    sa.PrimaryKeyConstraint('letter', name=op.f('pk_tube_number'))
    )
    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=True),
    sa.Column('shortcuts', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('login', name=op.f('uq_user_account_login'))
    )
    op.create_table('application',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('requester_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.Enum('academic', 'commercial', 'genetic', name='purpose', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('justification', sa.String(length=4000), nullable=False),
    sa.Column('recipient', sa.String(length=120), nullable=False),
    sa.Column('outside_eu', sa.Boolean(), nullable=False),
    sa.Column('variables', sa.JSON(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'approved', 'refused', 'produced', 'delivered', 'withdrawn', name='state', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.String(length=500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("decided_at IS NOT NULL OR state IN ('draft', 'submitted', 'withdrawn')", name=op.f('ck_application_decided_states_have_decision')),
    sa.CheckConstraint("state <> 'refused' OR decision_reason IS NOT NULL", name=op.f('ck_application_refusal_has_reason')),
    sa.CheckConstraint("submitted_at IS NOT NULL OR state IN ('draft', 'withdrawn')", name=op.f('ck_application_sent_states_have_date')),
    sa.CheckConstraint('(decided_by_id IS NULL) = (decided_at IS NULL)', name=op.f('ck_application_decision_who_and_when')),
    sa.CheckConstraint('decided_by_id <> requester_id', name=op.f('ck_application_not_decided_by_requester')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_application_decided_by_id_user_account')),
    sa.ForeignKeyConstraint(['requester_id'], ['user_account.id'], name=op.f('fk_application_requester_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('number', name=op.f('uq_application_number'))
    )
    op.create_index(op.f('ix_application_requester_id'), 'application', ['requester_id'], unique=False)
    op.create_index(op.f('ix_application_state'), 'application', ['state'], unique=False)
    op.create_table('catalogue_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('purpose', sa.Enum('academic', 'commercial', 'genetic', name='purpose', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('outside_eu', sa.Boolean(), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('answer', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['user_account.id'], name=op.f('fk_catalogue_count_actor_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue_count'))
    )
    op.create_index('ix_catalogue_count_actor_id_asked_at', 'catalogue_count', ['actor_id', 'asked_at'], unique=False)
    op.create_table('consent_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=4000), nullable=False),
    sa.Column('mandatory', sa.Boolean(), nullable=False),
    sa.Column('valid_months', sa.Integer(), nullable=True),
    sa.CheckConstraint('valid_months IS NULL OR valid_months > 0', name=op.f('ck_consent_item_valid_months')),
    sa.ForeignKeyConstraint(['template_id'], ['consent_template.id'], name=op.f('fk_consent_item_template_id_consent_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_item')),
    sa.UniqueConstraint('template_id', 'code', name=op.f('uq_consent_item_template_id_code')),
    sa.UniqueConstraint('template_id', 'position', name=op.f('uq_consent_item_template_id_position'))
    )
    op.create_table('kit_definition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_kit_definition_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kit_definition')),
    sa.UniqueConstraint('cohort_id', 'code', name=op.f('uq_kit_definition_cohort_id_code'))
    )
    op.create_table('participant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('person_uid', sa.String(length=32), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('included_on', sa.Date(), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('sex', sa.Enum('female', 'male', 'other', 'unknown', name='sex', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('diagnosis_code', sa.String(length=40), nullable=True),
    sa.Column('status', sa.Enum('tentative', 'enrolled', 'merged', name='participantstatus', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_incomplete', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f('ck_participant_merged_has_survivor')),
    sa.CheckConstraint('birth_year BETWEEN 1875 AND 2200', name=op.f('ck_participant_birth_year')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_participant_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['participant.id'], name=op.f('fk_participant_merged_into_id_participant')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_participant_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant')),
    sa.UniqueConstraint('code', name=op.f('uq_participant_code')),
    sa.UniqueConstraint('person_uid', 'cohort_id', name=op.f('uq_participant_person_uid_cohort_id'))
    )
    op.create_index('ix_participant_cohort_id_id', 'participant', ['cohort_id', 'id'], unique=False)
    op.create_index(op.f('ix_participant_merged_into_id'), 'participant', ['merged_into_id'], unique=False)
    op.create_index('ix_participant_site_id_id', 'participant', ['site_id', 'id'], unique=False)
    op.create_table('role_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('nurse', 'technician', 'investigator', 'data_manager', 'dpo', 'admin', name='role', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_role_grant_site_id_site')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_role_grant_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant')),
    sa.UniqueConstraint('user_id', 'role', 'site_id', name=op.f('uq_role_grant_user_id_role_site_id'))
    )
    op.create_index(op.f('ix_role_grant_site_id'), 'role_grant', ['site_id'], unique=False)
    op.create_index('uq_role_grant_everywhere', 'role_grant', ['user_id', 'role'], unique=True, sqlite_where=sa.text('site_id IS NULL'), postgresql_where=sa.text('site_id IS NULL'))
    op.create_table('sign_in_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('renewal_due', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_sign_in_session_user_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_session')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_sign_in_session_token_digest'))
    )
    op.create_index(op.f('ix_sign_in_session_expires_at'), 'sign_in_session', ['expires_at'], unique=False)
    op.create_index(op.f('ix_sign_in_session_user_id'), 'sign_in_session', ['user_id'], unique=False)
    op.create_table('storage_unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('room', 'freezer', 'tank', 'rack', 'box', name='unitkind', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('storage_class', sa.Enum('RT', '2to10', '-18to-35', '-60to-85', 'LN', name='storageclass', native_enum=False, create_constraint=True), nullable=True),
    sa.Column('accepts', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('parent_id <> id', name=op.f('ck_storage_unit_not_in_itself')),
    sa.ForeignKeyConstraint(['parent_id'], ['storage_unit.id'], name=op.f('fk_storage_unit_parent_id_storage_unit')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_storage_unit_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_storage_unit')),
    sa.UniqueConstraint('code', name=op.f('uq_storage_unit_code'))
    )
    op.create_index(op.f('ix_storage_unit_parent_id'), 'storage_unit', ['parent_id'], unique=False)
    op.create_index(op.f('ix_storage_unit_site_id'), 'storage_unit', ['site_id'], unique=False)
    op.create_table('visit_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('day_offset', sa.Integer(), nullable=False),
    sa.Column('days_before', sa.Integer(), nullable=False),
    sa.Column('days_after', sa.Integer(), nullable=False),
    sa.CheckConstraint('days_before >= 0 AND days_after >= 0', name=op.f('ck_visit_plan_window')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_visit_plan_cohort_id_cohort')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_plan')),
    sa.UniqueConstraint('cohort_id', 'code', name=op.f('uq_visit_plan_cohort_id_code'))
    )
    op.create_table('application_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('submit', 'approve', 'refuse', 'withdraw', 'produce', 'deliver', 'recall', name='act', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('from_state', sa.Enum('draft', 'submitted', 'approved', 'refused', 'produced', 'delivered', 'withdrawn', name='from_state', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('to_state', sa.Enum('draft', 'submitted', 'approved', 'refused', 'produced', 'delivered', 'withdrawn', name='to_state', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['user_account.id'], name=op.f('fk_application_step_actor_id_user_account')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_application_step_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_step'))
    )
    op.create_index(op.f('ix_application_step_application_id'), 'application_step', ['application_id'], unique=False)
    op.create_table('box',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('columns', sa.Integer(), nullable=False),
    sa.Column('row_labels', sa.Enum('letters', 'numbers', name='row_labels', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('column_labels', sa.Enum('letters', 'numbers', name='column_labels', native_enum=False, create_constraint=True), nullable=False),
    sa.CheckConstraint('columns BETWEEN 1 AND 32', name=op.f('ck_box_columns')),
    sa.CheckConstraint('rows BETWEEN 1 AND 32', name=op.f('ck_box_rows')),
    sa.ForeignKeyConstraint(['id'], ['storage_unit.id'], name=op.f('fk_box_id_storage_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_box'))
    )
    op.create_table('consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.Enum('fr', 'en', name='language', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('channel', sa.Enum('paper', 'letter', 'telephone', 'email', 'in_person', 'import', name='channel', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('information_given_on', sa.Date(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('supersedes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('information_given_on IS NULL OR information_given_on <= signed_on', name=op.f('ck_consent_informed_before_signing')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_consent_participant_id_participant')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_consent_recorded_by_id_user_account')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['consent.id'], name=op.f('fk_consent_supersedes_id_consent')),
    sa.ForeignKeyConstraint(['template_id'], ['consent_template.id'], name=op.f('fk_consent_template_id_consent_template')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_consent_supersedes_id'))
    )
    op.create_index(op.f('ix_consent_participant_id'), 'consent', ['participant_id'], unique=False)
    op.create_index(op.f('ix_consent_template_id'), 'consent', ['template_id'], unique=False)
    op.create_table('consent_item_use',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('use', sa.Enum('collect', 'store', 'academic_research', 'commercial_research', 'genetics', 'outside_eu', 'recontact', name='use', native_enum=False, create_constraint=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['consent_item.id'], name=op.f('fk_consent_item_use_item_id_consent_item')),
    sa.PrimaryKeyConstraint('item_id', 'use', name=op.f('pk_consent_item_use'))
    )
    op.create_table('extract',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('produced_by_id', sa.Integer(), nullable=False),
    sa.Column('produced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('participants', sa.Integer(), nullable=False),
    sa.Column('samples', sa.Integer(), nullable=False),
    sa.Column('k', sa.Integer(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.Column('recalled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('seq > 0', name=op.f('ck_extract_seq')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_extract_application_id_application')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_extract_document_id_document')),
    sa.ForeignKeyConstraint(['produced_by_id'], ['user_account.id'], name=op.f('fk_extract_produced_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extract')),
    sa.UniqueConstraint('application_id', 'seq', name=op.f('uq_extract_application_id_seq'))
    )
    op.create_table('kit_tube',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kit_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('sample_type', sa.Enum('BLD', 'SER', 'PL1', 'PL2', 'BUF', 'BFF', 'CEL', 'PEL', 'RBC', 'DWB', 'CRD', 'BMA', 'URN', 'URM', 'U24', 'URT', 'SAL', 'TER', 'STL', 'SPT', 'BAL', 'CSF', 'SYN', 'PFL', 'PTF', 'ASC', 'AMN', 'BMK', 'BUC', 'NAS', 'SEM', 'SWT', 'EBC', 'EXO', 'CEN', 'CLN', 'PEN', 'TIS', 'ZZZ', name='sampletype', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('container_type', sa.Enum('PED', 'SED', 'EDG', 'SST', 'CAT', 'HEP', 'LHG', 'LHB', 'SHP', 'SCI', 'CIF', 'ACD', 'CPD', 'CPT', 'CPH', 'SPO', 'PAX', 'PXD', 'PXR', 'TEM', 'CSV', 'HIR', 'PI1', 'PIX', 'PPS', 'PET', 'GLS', 'OMN', 'ORG', 'TRC', 'ADD', 'XXX', 'ZZZ', name='containertype', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('nominal_volume', sa.BigInteger(), nullable=False),
    sa.Column('unit', sa.Enum('mL', 'uL', 'g', 'mg', '10*6', name='unit', native_enum=False, create_constraint=True), nullable=False),
    sa.CheckConstraint('nominal_volume > 0', name=op.f('ck_kit_tube_nominal_volume')),
    sa.CheckConstraint('position > 0', name=op.f('ck_kit_tube_position')),
    sa.ForeignKeyConstraint(['kit_id'], ['kit_definition.id'], name=op.f('fk_kit_tube_kit_id_kit_definition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kit_tube')),
    sa.UniqueConstraint('kit_id', 'position', name=op.f('uq_kit_tube_kit_id_position'))
    )
    op.create_table('participant_history',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('status', sa.Enum('tentative', 'enrolled', 'merged', name='participantstatus', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('person_uid', sa.String(length=32), nullable=False),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['merged_into_id'], ['participant.id'], name=op.f('fk_participant_history_merged_into_id_participant')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_history_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_history'))
    )
    op.create_index(op.f('ix_participant_history_merged_into_id'), 'participant_history', ['merged_into_id'], unique=False)
    op.create_index(op.f('ix_participant_history_participant_id'), 'participant_history', ['participant_id'], unique=False)
    op.create_table('participant_source',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('system', sa.String(length=40), nullable=False),
    sa.Column('source_code', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_source_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_source')),
    sa.UniqueConstraint('system', 'source_code', name=op.f('uq_participant_source_system_source_code'))
    )
    op.create_index(op.f('ix_participant_source_participant_id'), 'participant_source', ['participant_id'], unique=False)
    op.create_table('shown_figure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('count_id', sa.Integer(), nullable=False),
    sa.Column('members', sa.LargeBinary(), nullable=False),
    sa.Column('participants', sa.Integer(), nullable=False),
    sa.Column('samples', sa.Integer(), nullable=False),
    sa.Column('samples_each_max', sa.Integer(), nullable=False),
    sa.Column('shown_participants', sa.Integer(), nullable=True),
    sa.Column('shown_samples', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['user_account.id'], name=op.f('fk_shown_figure_actor_id_user_account')),
    sa.ForeignKeyConstraint(['count_id'], ['catalogue_count.id'], name=op.f('fk_shown_figure_count_id_catalogue_count')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shown_figure'))
    )
    op.create_index('ix_shown_figure_actor_id_participants', 'shown_figure', ['actor_id', 'participants'], unique=False)
    op.create_index(op.f('ix_shown_figure_count_id'), 'shown_figure', ['count_id'], unique=False)
    op.create_table('visit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('occurred_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_visit_participant_id_participant')),
    sa.ForeignKeyConstraint(['plan_id'], ['visit_plan.id'], name=op.f('fk_visit_plan_id_visit_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('participant_id', 'plan_id', name=op.f('uq_visit_participant_id_plan_id'))
    )
    op.create_index(op.f('ix_visit_participant_id'), 'visit', ['participant_id'], unique=False)
    op.create_index(op.f('ix_visit_plan_id'), 'visit', ['plan_id'], unique=False)
    op.create_table('visit_plan_kit',
    sa.Column('visit_plan_id', sa.Integer(), nullable=False),
    sa.Column('kit_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['kit_id'], ['kit_definition.id'], name=op.f('fk_visit_plan_kit_kit_id_kit_definition')),
    sa.ForeignKeyConstraint(['visit_plan_id'], ['visit_plan.id'], name=op.f('fk_visit_plan_kit_visit_plan_id_visit_plan')),
    sa.PrimaryKeyConstraint('visit_plan_id', 'kit_id', name=op.f('pk_visit_plan_kit'))
    )
    op.create_index(op.f('ix_visit_plan_kit_kit_id'), 'visit_plan_kit', ['kit_id'], unique=False)
    op.create_table('withdrawal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('scope', sa.Enum('all', 'uses', name='withdrawalscope', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.Enum('paper', 'letter', 'telephone', 'email', 'in_person', 'import', name='channel', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_withdrawal_participant_id_participant')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_withdrawal_recorded_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal'))
    )
    op.create_index(op.f('ix_withdrawal_participant_id'), 'withdrawal', ['participant_id'], unique=False)
    op.create_table('consent_answer',
    sa.Column('consent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('accepted', 'refused', 'not_asked', 'unclear', name='answer', native_enum=False, create_constraint=True), nullable=False),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_consent_answer_consent_id_consent')),
    sa.ForeignKeyConstraint(['item_id'], ['consent_item.id'], name=op.f('fk_consent_answer_item_id_consent_item')),
    sa.PrimaryKeyConstraint('consent_id', 'item_id', name=op.f('pk_consent_answer'))
    )
    op.create_index(op.f('ix_consent_answer_item_id'), 'consent_answer', ['item_id'], unique=False)
    op.create_table('extract_download',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('extract_id', sa.Integer(), nullable=False),
    sa.Column('downloaded_by_id', sa.Integer(), nullable=False),
    sa.Column('downloaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['downloaded_by_id'], ['user_account.id'], name=op.f('fk_extract_download_downloaded_by_id_user_account')),
    sa.ForeignKeyConstraint(['extract_id'], ['extract.id'], name=op.f('fk_extract_download_extract_id_extract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extract_download'))
    )
    op.create_index(op.f('ix_extract_download_extract_id'), 'extract_download', ['extract_id'], unique=False)
    op.create_table('extract_member',
    sa.Column('extract_id', sa.Integer(), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['extract_id'], ['extract.id'], name=op.f('fk_extract_member_extract_id_extract')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_extract_member_participant_id_participant')),
    sa.PrimaryKeyConstraint('extract_id', 'participant_id', name=op.f('pk_extract_member'))
    )
    op.create_index(op.f('ix_extract_member_participant_id'), 'extract_member', ['participant_id'], unique=False)
    op.create_table('kit_collection',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kit_id', sa.Integer(), nullable=False),
    sa.Column('collected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['kit_id'], ['kit_definition.id'], name=op.f('fk_kit_collection_kit_id_kit_definition')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_kit_collection_recorded_by_id_user_account')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_kit_collection_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kit_collection'))
    )
    op.create_index(op.f('ix_kit_collection_kit_id'), 'kit_collection', ['kit_id'], unique=False)
    op.create_index(op.f('ix_kit_collection_visit_id'), 'kit_collection', ['visit_id'], unique=False)
    op.create_table('sample',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kit_tube_id', sa.Integer(), nullable=True),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sample_type', sa.Enum('BLD', 'SER', 'PL1', 'PL2', 'BUF', 'BFF', 'CEL', 'PEL', 'RBC', 'DWB', 'CRD', 'BMA', 'URN', 'URM', 'U24', 'URT', 'SAL', 'TER', 'STL', 'SPT', 'BAL', 'CSF', 'SYN', 'PFL', 'PTF', 'ASC', 'AMN', 'BMK', 'BUC', 'NAS', 'SEM', 'SWT', 'EBC', 'EXO', 'CEN', 'CLN', 'PEN', 'TIS', 'ZZZ', name='sampletype', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('container_type', sa.Enum('PED', 'SED', 'EDG', 'SST', 'CAT', 'HEP', 'LHG', 'LHB', 'SHP', 'SCI', 'CIF', 'ACD', 'CPD', 'CPT', 'CPH', 'SPO', 'PAX', 'PXD', 'PXR', 'TEM', 'CSV', 'HIR', 'PI1', 'PIX', 'PPS', 'PET', 'GLS', 'OMN', 'ORG', 'TRC', 'ADD', 'XXX', 'ZZZ', name='containertype', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('unit', sa.Enum('mL', 'uL', 'g', 'mg', '10*6', name='unit', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('collected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('remaining', sa.BigInteger(), server_default='0', nullable=False),
    sa.CheckConstraint('remaining >= 0', name=op.f('ck_sample_remaining_not_negative')),
    sa.ForeignKeyConstraint(['kit_tube_id'], ['kit_tube.id'], name=op.f('fk_sample_kit_tube_id_kit_tube')),
    sa.ForeignKeyConstraint(['parent_id'], ['sample.id'], name=op.f('fk_sample_parent_id_sample')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_sample_participant_id_participant')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_sample_site_id_site')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_sample_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample')),
    sa.UniqueConstraint('code', name=op.f('uq_sample_code'))
    )
    op.create_index(op.f('ix_sample_kit_tube_id'), 'sample', ['kit_tube_id'], unique=False)
    op.create_index(op.f('ix_sample_parent_id'), 'sample', ['parent_id'], unique=False)
    op.create_index(op.f('ix_sample_participant_id'), 'sample', ['participant_id'], unique=False)
    op.create_index('ix_sample_sample_type_id', 'sample', ['sample_type', 'id'], unique=False)
    op.create_index('ix_sample_site_id_id', 'sample', ['site_id', 'id'], unique=False)
    op.create_index(op.f('ix_sample_visit_id'), 'sample', ['visit_id'], unique=False)
    op.create_table('withdrawal_use',
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('use', sa.Enum('collect', 'store', 'academic_research', 'commercial_research', 'genetics', 'outside_eu', 'recontact', name='use', native_enum=False, create_constraint=True), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_use_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('withdrawal_id', 'use', name=op.f('pk_withdrawal_use'))
    )
    op.create_table('custody_act',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('collected', 'received', 'centrifuged', 'frozen', 'aliquoted', 'derived', 'placed', 'moved', 'checked_out', 'returned', 'corrected', name='actkind', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_login', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('comment', sa.String(length=500), nullable=True),
    sa.Column('holder_before', sa.Enum('collection_site', 'bench', 'position', 'person', name='holder_before', native_enum=False, create_constraint=True), nullable=True),
    sa.Column('place_before', sa.String(length=400), nullable=True),
    sa.Column('holder_after', sa.Enum('collection_site', 'bench', 'position', 'person', name='holder_after', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('place', sa.String(length=400), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('box_id', sa.Integer(), nullable=True),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('col', sa.Integer(), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('corrects_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('client_key', sa.String(length=36), nullable=True),
    sa.CheckConstraint("(holder_after = 'person') = (person_id IS NOT NULL)", name=op.f('ck_custody_act_person_is_named')),
    sa.CheckConstraint("(kind = 'corrected') = (corrects_id IS NOT NULL)", name=op.f('ck_custody_act_correction_names_act')),
    sa.CheckConstraint("holder_after <> 'position' OR box_id IS NOT NULL", name=op.f('ck_custody_act_position_has_cell')),
    sa.CheckConstraint("holder_after NOT IN ('collection_site', 'bench') OR box_id IS NULL", name=op.f('ck_custody_act_others_have_no_cell')),
    sa.CheckConstraint('(box_id IS NULL) = (row IS NULL) AND (row IS NULL) = (col IS NULL)', name=op.f('ck_custody_act_cell_is_whole')),
    sa.CheckConstraint('(holder_before IS NULL) = (place_before IS NULL)', name=op.f('ck_custody_act_before_is_whole')),
    sa.CheckConstraint('(seq = 1) = (holder_before IS NULL)', name=op.f('ck_custody_act_first_has_no_before')),
    sa.CheckConstraint('col BETWEEN 1 AND 32', name=op.f('ck_custody_act_col')),
    sa.CheckConstraint('happened_at <= recorded_at', name=op.f('ck_custody_act_not_in_the_future')),
    sa.CheckConstraint('row BETWEEN 1 AND 32', name=op.f('ck_custody_act_row')),
    sa.CheckConstraint('seq > 0', name=op.f('ck_custody_act_seq')),
    sa.ForeignKeyConstraint(['actor_id'], ['user_account.id'], name=op.f('fk_custody_act_actor_id_user_account')),
    sa.ForeignKeyConstraint(['box_id'], ['box.id'], name=op.f('fk_custody_act_box_id_box')),
    sa.ForeignKeyConstraint(['corrects_id'], ['custody_act.id'], name=op.f('fk_custody_act_corrects_id_custody_act')),
    sa.ForeignKeyConstraint(['person_id'], ['user_account.id'], name=op.f('fk_custody_act_person_id_user_account')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_custody_act_sample_id_sample')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_custody_act_site_id_site')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custody_act')),
    sa.UniqueConstraint('corrects_id', name=op.f('uq_custody_act_corrects_id')),
    sa.UniqueConstraint('sample_id', 'client_key', name=op.f('uq_custody_act_sample_id_client_key')),
    sa.UniqueConstraint('sample_id', 'seq', name=op.f('uq_custody_act_sample_id_seq'))
    )
    op.create_table('holding',
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Enum('collection_site', 'bench', 'position', 'person', name='holderkind', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('box_id', sa.Integer(), nullable=True),
    sa.Column('row', sa.Integer(), nullable=True),
    sa.Column('col', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(length=400), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('acts', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name=op.f('ck_holding_person_is_named')),
    sa.CheckConstraint("kind <> 'position' OR box_id IS NOT NULL", name=op.f('ck_holding_position_has_cell')),
    sa.CheckConstraint("kind NOT IN ('collection_site', 'bench') OR box_id IS NULL", name=op.f('ck_holding_others_have_no_cell')),
    sa.CheckConstraint('(box_id IS NULL) = (row IS NULL) AND (row IS NULL) = (col IS NULL)', name=op.f('ck_holding_cell_is_whole')),
    sa.CheckConstraint('col BETWEEN 1 AND 32', name=op.f('ck_holding_col')),
    sa.CheckConstraint('row BETWEEN 1 AND 32', name=op.f('ck_holding_row')),
    sa.ForeignKeyConstraint(['box_id'], ['box.id'], name=op.f('fk_holding_box_id_box')),
    sa.ForeignKeyConstraint(['person_id'], ['user_account.id'], name=op.f('fk_holding_person_id_user_account')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_holding_sample_id_sample')),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_holding_site_id_site')),
    sa.PrimaryKeyConstraint('sample_id', name=op.f('pk_holding')),
    sa.UniqueConstraint('box_id', 'row', 'col', name=op.f('uq_holding_box_id_row_col'))
    )
    op.create_index('ix_holding_kind_since', 'holding', ['kind', 'since', 'sample_id'], unique=False)
    op.create_index(op.f('ix_holding_person_id'), 'holding', ['person_id'], unique=False)
    op.create_table('missing_tube',
    sa.Column('collection_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kit_tube_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('not_enough', 'failed', 'refused', 'no_material', 'lost', 'other', name='missingtubereason', native_enum=False, create_constraint=True), nullable=False),
    sa.ForeignKeyConstraint(['collection_id'], ['kit_collection.id'], name=op.f('fk_missing_tube_collection_id_kit_collection')),
    sa.ForeignKeyConstraint(['kit_tube_id'], ['kit_tube.id'], name=op.f('fk_missing_tube_kit_tube_id_kit_tube')),
    sa.PrimaryKeyConstraint('collection_id', 'kit_tube_id', name=op.f('pk_missing_tube'))
    )
    op.create_table('quantity_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('delta', sa.BigInteger(), nullable=False),
    sa.Column('balance', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Enum('collected', 'drawn_for_child', 'received_from_parent', 'lost', 'consumed', 'corrected', name='ledgerreason', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('balance >= 0', name=op.f('ck_quantity_entry_balance_not_negative')),
    sa.CheckConstraint('delta <> 0', name=op.f('ck_quantity_entry_delta_changes_something')),
    sa.CheckConstraint('seq > 0', name=op.f('ck_quantity_entry_seq')),
    sa.ForeignKeyConstraint(['other_id'], ['sample.id'], name=op.f('fk_quantity_entry_other_id_sample')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_quantity_entry_sample_id_sample')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quantity_entry')),
    sa.UniqueConstraint('sample_id', 'seq', name=op.f('uq_quantity_entry_sample_id_seq'))
    )
    op.create_index(op.f('ix_quantity_entry_other_id'), 'quantity_entry', ['other_id'], unique=False)
    op.create_table('loan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('analysis', 'aliquoting', 'quality_control', 'transfer', 'other', name='checkoutreason', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_act_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_act_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(closed_at IS NULL) = (closed_by_act_id IS NULL)', name=op.f('ck_loan_closed_is_whole')),
    sa.CheckConstraint('closed_at >= opened_at', name=op.f('ck_loan_closed_after_opened')),
    sa.ForeignKeyConstraint(['closed_by_act_id'], ['custody_act.id'], name=op.f('fk_loan_closed_by_act_id_custody_act')),
    sa.ForeignKeyConstraint(['opened_by_act_id'], ['custody_act.id'], name=op.f('fk_loan_opened_by_act_id_custody_act')),
    sa.ForeignKeyConstraint(['person_id'], ['user_account.id'], name=op.f('fk_loan_person_id_user_account')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_loan_sample_id_sample')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loan')),
    sa.UniqueConstraint('closed_by_act_id', name=op.f('uq_loan_closed_by_act_id')),
    sa.UniqueConstraint('opened_by_act_id', name=op.f('uq_loan_opened_by_act_id'))
    )
    op.create_index(op.f('ix_loan_person_id'), 'loan', ['person_id'], unique=False)
    op.create_index(op.f('ix_loan_sample_id'), 'loan', ['sample_id'], unique=False)
    op.create_index('uq_loan_open', 'loan', ['sample_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    # ### end Alembic commands ###
    for statement in _REGISTRY_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade_registry() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index('uq_loan_open', table_name='loan', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index(op.f('ix_loan_sample_id'), table_name='loan')
    op.drop_index(op.f('ix_loan_person_id'), table_name='loan')
    op.drop_table('loan')
    op.drop_index(op.f('ix_quantity_entry_other_id'), table_name='quantity_entry')
    op.drop_table('quantity_entry')
    op.drop_table('missing_tube')
    op.drop_index(op.f('ix_holding_person_id'), table_name='holding')
    op.drop_index('ix_holding_kind_since', table_name='holding')
    op.drop_table('holding')
    op.drop_table('custody_act')
    op.drop_table('withdrawal_use')
    op.drop_index(op.f('ix_sample_visit_id'), table_name='sample')
    op.drop_index('ix_sample_site_id_id', table_name='sample')
    op.drop_index('ix_sample_sample_type_id', table_name='sample')
    op.drop_index(op.f('ix_sample_participant_id'), table_name='sample')
    op.drop_index(op.f('ix_sample_parent_id'), table_name='sample')
    op.drop_index(op.f('ix_sample_kit_tube_id'), table_name='sample')
    op.drop_table('sample')
    op.drop_index(op.f('ix_kit_collection_visit_id'), table_name='kit_collection')
    op.drop_index(op.f('ix_kit_collection_kit_id'), table_name='kit_collection')
    op.drop_table('kit_collection')
    op.drop_index(op.f('ix_extract_member_participant_id'), table_name='extract_member')
    op.drop_table('extract_member')
    op.drop_index(op.f('ix_extract_download_extract_id'), table_name='extract_download')
    op.drop_table('extract_download')
    op.drop_index(op.f('ix_consent_answer_item_id'), table_name='consent_answer')
    op.drop_table('consent_answer')
    op.drop_index(op.f('ix_withdrawal_participant_id'), table_name='withdrawal')
    op.drop_table('withdrawal')
    op.drop_index(op.f('ix_visit_plan_kit_kit_id'), table_name='visit_plan_kit')
    op.drop_table('visit_plan_kit')
    op.drop_index(op.f('ix_visit_plan_id'), table_name='visit')
    op.drop_index(op.f('ix_visit_participant_id'), table_name='visit')
    op.drop_table('visit')
    op.drop_index(op.f('ix_shown_figure_count_id'), table_name='shown_figure')
    op.drop_index('ix_shown_figure_actor_id_participants', table_name='shown_figure')
    op.drop_table('shown_figure')
    op.drop_index(op.f('ix_participant_source_participant_id'), table_name='participant_source')
    op.drop_table('participant_source')
    op.drop_index(op.f('ix_participant_history_participant_id'), table_name='participant_history')
    op.drop_index(op.f('ix_participant_history_merged_into_id'), table_name='participant_history')
    op.drop_table('participant_history')
    op.drop_table('kit_tube')
    op.drop_table('extract')
    op.drop_table('consent_item_use')
    op.drop_index(op.f('ix_consent_template_id'), table_name='consent')
    op.drop_index(op.f('ix_consent_participant_id'), table_name='consent')
    op.drop_table('consent')
    op.drop_table('box')
    op.drop_index(op.f('ix_application_step_application_id'), table_name='application_step')
    op.drop_table('application_step')
    op.drop_table('visit_plan')
    op.drop_index(op.f('ix_storage_unit_site_id'), table_name='storage_unit')
    op.drop_index(op.f('ix_storage_unit_parent_id'), table_name='storage_unit')
    op.drop_table('storage_unit')
    op.drop_index(op.f('ix_sign_in_session_user_id'), table_name='sign_in_session')
    op.drop_index(op.f('ix_sign_in_session_expires_at'), table_name='sign_in_session')
    op.drop_table('sign_in_session')
    op.drop_index('uq_role_grant_everywhere', table_name='role_grant', sqlite_where=sa.text('site_id IS NULL'), postgresql_where=sa.text('site_id IS NULL'))
    op.drop_index(op.f('ix_role_grant_site_id'), table_name='role_grant')
    op.drop_table('role_grant')
    op.drop_index('ix_participant_site_id_id', table_name='participant')
    op.drop_index(op.f('ix_participant_merged_into_id'), table_name='participant')
    op.drop_index('ix_participant_cohort_id_id', table_name='participant')
    op.drop_table('participant')
    op.drop_table('kit_definition')
    op.drop_table('consent_item')
    op.drop_index('ix_catalogue_count_actor_id_asked_at', table_name='catalogue_count')
    op.drop_table('catalogue_count')
    op.drop_index(op.f('ix_application_state'), table_name='application')
    op.drop_index(op.f('ix_application_requester_id'), table_name='application')
    op.drop_table('application')
    op.drop_table('user_account')
    op.drop_table('tube_number')
    op.drop_table('site')
    op.drop_index(op.f('ix_sign_in_attempt_login_digest'), table_name='sign_in_attempt')
    op.drop_index(op.f('ix_sign_in_attempt_attempted_at'), table_name='sign_in_attempt')
    op.drop_index(op.f('ix_sign_in_attempt_address_digest'), table_name='sign_in_attempt')
    op.drop_table('sign_in_attempt')
    op.drop_index(op.f('ix_handled_request_handled_at'), table_name='handled_request')
    op.drop_table('handled_request')
    op.drop_table('document')
    op.drop_table('consent_template')
    op.drop_table('cohort')
    op.drop_index(op.f('ix_audit_entry_tag'), table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_object_ref'), table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_at'), table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_actor_id'), table_name='audit_entry')
    op.drop_table('audit_entry')
    op.drop_table('application_counter')
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS refuse_change()")
        op.execute("DROP FUNCTION IF EXISTS quantity_entry_conserved()")
        op.execute("DROP FUNCTION IF EXISTS quantity_entry_carried()")
        op.execute("DROP FUNCTION IF EXISTS sample_remaining_is_ledger()")


def upgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('key_check',
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('answer', sa.LargeBinary(length=16), nullable=False),
    sa.PrimaryKeyConstraint('purpose', 'number', name=op.f('pk_key_check'))
    )
    op.create_table('person',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uid', sa.String(length=32), nullable=False),
    sa.Column('standing', sa.Enum('established', 'tentative', 'merged', name='standing', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('wrapped_key', sa.LargeBinary(), nullable=False),
    sa.Column('key_number', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(standing = 'merged') = (merged_into_id IS NOT NULL)", name=op.f('ck_person_merged_points')),
    sa.CheckConstraint('merged_into_id <> id', name=op.f('ck_person_not_into_itself')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['person.id'], name=op.f('fk_person_merged_into_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('uid', name=op.f('uq_person_uid'))
    )
    op.create_index(op.f('ix_person_key_number'), 'person', ['key_number'], unique=False)
    op.create_index(op.f('ix_person_merged_into_id'), 'person', ['merged_into_id'], unique=False)
    op.create_table('hospital_identifier',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('site_code', sa.String(length=40), nullable=False),
    sa.Column('value_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('is_alias', sa.Boolean(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_hospital_identifier_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hospital_identifier')),
    sa.UniqueConstraint('person_id', 'number', name=op.f('uq_hospital_identifier_person_id_number')),
    sa.UniqueConstraint('site_code', 'value_index', name=op.f('uq_hospital_identifier_site_code_value_index'))
    )
    op.create_table('identity_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('site_code', sa.String(length=40), nullable=False),
    sa.Column('birth_name', sa.LargeBinary(), nullable=True),
    sa.Column('given_names', sa.LargeBinary(), nullable=True),
    sa.Column('used_name', sa.LargeBinary(), nullable=True),
    sa.Column('birth_date', sa.LargeBinary(), nullable=True),
    sa.Column('sex', sa.LargeBinary(), nullable=True),
    sa.Column('birth_place', sa.LargeBinary(), nullable=True),
    sa.Column('postal_code', sa.LargeBinary(), nullable=True),
    sa.Column('town', sa.LargeBinary(), nullable=True),
    sa.Column('hospital_number', sa.LargeBinary(), nullable=True),
    sa.Column('likeness', sa.LargeBinary(), nullable=False),
    sa.Column('normalisation', sa.SmallInteger(), nullable=False),
    sa.Column('content_digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_identity_record_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_record')),
    sa.UniqueConstraint('person_id', 'content_digest', name=op.f('uq_identity_record_person_id_content_digest')),
    sa.UniqueConstraint('person_id', 'number', name=op.f('uq_identity_record_person_id_number'))
    )
    op.create_table('match_review',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('second_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bits', sa.Double(), nullable=False),
    sa.Column('levels', sa.JSON(), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('weights_version', sa.String(length=40), nullable=False),
    sa.Column('outcome', sa.Enum('open', 'later', 'same', 'different', name='reviewoutcome', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(outcome = 'open') = (decided_at IS NULL)", name=op.f('ck_match_review_decided_when')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_match_review_decided_by_whom')),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_match_review_older_first')),
    sa.ForeignKeyConstraint(['first_id'], ['person.id'], name=op.f('fk_match_review_first_id_person')),
    sa.ForeignKeyConstraint(['second_id'], ['person.id'], name=op.f('fk_match_review_second_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_review')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_match_review_first_id_second_id'))
    )
    op.create_index(op.f('ix_match_review_outcome'), 'match_review', ['outcome'], unique=False)
    op.create_index(op.f('ix_match_review_second_id'), 'match_review', ['second_id'], unique=False)
    op.create_table('index_entry',
    sa.Column('token', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['identity_record.id'], name=op.f('fk_index_entry_record_id_identity_record')),
    sa.PrimaryKeyConstraint('token', 'record_id', name=op.f('pk_index_entry')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_index_entry_record_id'), 'index_entry', ['record_id'], unique=False)
    op.create_table('source_row',
    sa.Column('system', sa.String(length=40), nullable=False),
    sa.Column('row_digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('content_digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['identity_record.id'], name=op.f('fk_source_row_record_id_identity_record')),
    sa.PrimaryKeyConstraint('system', 'row_digest', name=op.f('pk_source_row'))
    )
    op.create_index(op.f('ix_source_row_record_id'), 'source_row', ['record_id'], unique=False)
    # ### end Alembic commands ###


def downgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index(op.f('ix_source_row_record_id'), table_name='source_row')
    op.drop_table('source_row')
    op.drop_index(op.f('ix_index_entry_record_id'), table_name='index_entry')
    op.drop_table('index_entry')
    op.drop_index(op.f('ix_match_review_second_id'), table_name='match_review')
    op.drop_index(op.f('ix_match_review_outcome'), table_name='match_review')
    op.drop_table('match_review')
    op.drop_table('identity_record')
    op.drop_table('hospital_identifier')
    op.drop_index(op.f('ix_person_merged_into_id'), table_name='person')
    op.drop_index(op.f('ix_person_key_number'), table_name='person')
    op.drop_table('person')
    op.drop_table('key_check')
    # ### end Alembic commands ###

