"""consent tables

Revision: f304fae38880
Follows: 7b1e0c4d92af
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations import triggers

revision = 'f304fae38880'
down_revision = '7b1e0c4d92af'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_REGISTRY_TRIGGERS = {'sqlite': ["CREATE TRIGGER application_pledge_no_update BEFORE UPDATE ON application_pledge BEGIN SELECT RAISE(ABORT, 'application_pledge is append-only'); END", "CREATE TRIGGER application_pledge_no_delete BEFORE DELETE ON application_pledge BEGIN SELECT RAISE(ABORT, 'application_pledge is append-only'); END", "CREATE TRIGGER participant_majority_no_update BEFORE UPDATE ON participant_majority BEGIN SELECT RAISE(ABORT, 'participant_majority is append-only'); END", "CREATE TRIGGER participant_majority_no_delete BEFORE DELETE ON participant_majority BEGIN SELECT RAISE(ABORT, 'participant_majority is append-only'); END", "CREATE TRIGGER consent_information_no_update BEFORE UPDATE ON consent_information BEGIN SELECT RAISE(ABORT, 'consent_information is append-only'); END", "CREATE TRIGGER consent_information_no_delete BEFORE DELETE ON consent_information BEGIN SELECT RAISE(ABORT, 'consent_information is append-only'); END", "CREATE TRIGGER destruction_no_update BEFORE UPDATE ON destruction BEGIN SELECT RAISE(ABORT, 'destruction is append-only'); END", "CREATE TRIGGER destruction_no_delete BEFORE DELETE ON destruction BEGIN SELECT RAISE(ABORT, 'destruction is append-only'); END", "CREATE TRIGGER consent_signatory_no_update BEFORE UPDATE ON consent_signatory BEGIN SELECT RAISE(ABORT, 'consent_signatory is append-only'); END", "CREATE TRIGGER consent_signatory_no_delete BEFORE DELETE ON consent_signatory BEGIN SELECT RAISE(ABORT, 'consent_signatory is append-only'); END", "CREATE TRIGGER consent_proof_no_update BEFORE UPDATE ON consent_proof BEGIN SELECT RAISE(ABORT, 'consent_proof is append-only'); END", "CREATE TRIGGER consent_proof_no_delete BEFORE DELETE ON consent_proof BEGIN SELECT RAISE(ABORT, 'consent_proof is append-only'); END", "CREATE TRIGGER consent_check_no_update BEFORE UPDATE ON consent_check BEGIN SELECT RAISE(ABORT, 'consent_check is append-only'); END", "CREATE TRIGGER consent_check_no_delete BEFORE DELETE ON consent_check BEGIN SELECT RAISE(ABORT, 'consent_check is append-only'); END", "CREATE TRIGGER withdrawal_item_no_update BEFORE UPDATE ON withdrawal_item BEGIN SELECT RAISE(ABORT, 'withdrawal_item is append-only'); END", "CREATE TRIGGER withdrawal_item_no_delete BEFORE DELETE ON withdrawal_item BEGIN SELECT RAISE(ABORT, 'withdrawal_item is append-only'); END", "CREATE TRIGGER withdrawal_project_no_update BEFORE UPDATE ON withdrawal_project BEGIN SELECT RAISE(ABORT, 'withdrawal_project is append-only'); END", "CREATE TRIGGER withdrawal_project_no_delete BEFORE DELETE ON withdrawal_project BEGIN SELECT RAISE(ABORT, 'withdrawal_project is append-only'); END", "CREATE TRIGGER withdrawal_choice_no_update BEFORE UPDATE ON withdrawal_choice BEGIN SELECT RAISE(ABORT, 'withdrawal_choice is append-only'); END", "CREATE TRIGGER withdrawal_choice_no_delete BEFORE DELETE ON withdrawal_choice BEGIN SELECT RAISE(ABORT, 'withdrawal_choice is append-only'); END", "CREATE TRIGGER withdrawal_release_no_update BEFORE UPDATE ON withdrawal_release BEGIN SELECT RAISE(ABORT, 'withdrawal_release is append-only'); END", "CREATE TRIGGER withdrawal_release_no_delete BEFORE DELETE ON withdrawal_release BEGIN SELECT RAISE(ABORT, 'withdrawal_release is append-only'); END", "CREATE TRIGGER withdrawal_letter_no_update BEFORE UPDATE ON withdrawal_letter BEGIN SELECT RAISE(ABORT, 'withdrawal_letter is append-only'); END", "CREATE TRIGGER withdrawal_letter_no_delete BEFORE DELETE ON withdrawal_letter BEGIN SELECT RAISE(ABORT, 'withdrawal_letter is append-only'); END", "CREATE TRIGGER sample_not_from_quarantine BEFORE INSERT ON sample WHEN NEW.parent_id IS NOT NULL AND EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.parent_id AND closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a sample in quarantine is not divided'); END", "CREATE TRIGGER recall_notice_item_no_update BEFORE UPDATE ON recall_notice_item BEGIN SELECT RAISE(ABORT, 'recall_notice_item is append-only'); END", "CREATE TRIGGER recall_notice_item_no_delete BEFORE DELETE ON recall_notice_item BEGIN SELECT RAISE(ABORT, 'recall_notice_item is append-only'); END", "CREATE TRIGGER quantity_entry_not_after_destruction BEFORE INSERT ON quantity_entry WHEN EXISTS (SELECT 1 FROM holding WHERE sample_id = NEW.sample_id AND kind = 'destroyed') BEGIN SELECT RAISE(ABORT, 'a destroyed sample holds nothing'); END", "CREATE TRIGGER holding_destroyed_for_good BEFORE UPDATE ON holding WHEN OLD.kind = 'destroyed' BEGIN SELECT RAISE(ABORT, 'a destroyed sample has no further holder'); END", "CREATE TRIGGER custody_act_not_after_destruction BEFORE INSERT ON custody_act WHEN (SELECT kind FROM custody_act WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1) = 'destroyed' BEGIN SELECT RAISE(ABORT, 'a destroyed sample has no further act'); END", "CREATE TRIGGER loan_not_in_quarantine BEFORE INSERT ON loan WHEN EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.sample_id AND closed_at IS NULL) BEGIN SELECT RAISE(ABORT, 'a sample in quarantine is not lent'); END", 'CREATE TRIGGER consent_forgets_standing AFTER INSERT ON consent BEGIN DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); END', 'CREATE TRIGGER consent_answer_forgets_standing AFTER INSERT ON consent_answer BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); END', 'CREATE TRIGGER consent_signatory_forgets_standing AFTER INSERT ON consent_signatory BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); END', 'CREATE TRIGGER consent_proof_forgets_standing AFTER INSERT ON consent_proof BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); END', 'CREATE TRIGGER consent_check_forgets_standing AFTER INSERT ON consent_check BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); END', 'CREATE TRIGGER consent_information_forgets_standing AFTER INSERT ON consent_information BEGIN DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); END', 'CREATE TRIGGER withdrawal_forgets_standing AFTER INSERT ON withdrawal BEGIN DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); END', 'CREATE TRIGGER withdrawal_use_forgets_standing AFTER INSERT ON withdrawal_use BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)); END', 'CREATE TRIGGER withdrawal_item_forgets_standing AFTER INSERT ON withdrawal_item BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)); END', 'CREATE TRIGGER withdrawal_project_forgets_standing AFTER INSERT ON withdrawal_project BEGIN DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)); END', 'CREATE TRIGGER participant_history_forgets_standing AFTER INSERT ON participant_history BEGIN DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id, NEW.merged_into_id); END', 'CREATE TRIGGER participant_majority_forgets_standing AFTER INSERT ON participant_majority BEGIN DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); END', 'CREATE TRIGGER participant_forgets_standing AFTER UPDATE OF adult_from ON participant BEGIN DELETE FROM consent_standing WHERE participant_id IN (NEW.id); END', 'CREATE TRIGGER consent_template_forgets_standing AFTER UPDATE ON consent_template BEGIN DELETE FROM consent_standing WHERE participant_id IN (SELECT consent.participant_id FROM consent JOIN consent_template ON consent_template.id = consent.template_id WHERE consent_template.code = NEW.code); END', 'CREATE TRIGGER new_consent_template_forgets_standing AFTER INSERT ON consent_template BEGIN DELETE FROM consent_standing WHERE participant_id IN (SELECT consent.participant_id FROM consent JOIN consent_template ON consent_template.id = consent.template_id WHERE consent_template.code = NEW.code); END'], 'postgresql': ['CREATE TRIGGER application_pledge_no_update BEFORE UPDATE ON application_pledge FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER application_pledge_no_delete BEFORE DELETE ON application_pledge FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER application_pledge_no_truncate BEFORE TRUNCATE ON application_pledge FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER participant_majority_no_update BEFORE UPDATE ON participant_majority FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER participant_majority_no_delete BEFORE DELETE ON participant_majority FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER participant_majority_no_truncate BEFORE TRUNCATE ON participant_majority FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_information_no_update BEFORE UPDATE ON consent_information FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_information_no_delete BEFORE DELETE ON consent_information FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_information_no_truncate BEFORE TRUNCATE ON consent_information FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER destruction_no_update BEFORE UPDATE ON destruction FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER destruction_no_delete BEFORE DELETE ON destruction FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER destruction_no_truncate BEFORE TRUNCATE ON destruction FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_signatory_no_update BEFORE UPDATE ON consent_signatory FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_signatory_no_delete BEFORE DELETE ON consent_signatory FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_signatory_no_truncate BEFORE TRUNCATE ON consent_signatory FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_proof_no_update BEFORE UPDATE ON consent_proof FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_proof_no_delete BEFORE DELETE ON consent_proof FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_proof_no_truncate BEFORE TRUNCATE ON consent_proof FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_check_no_update BEFORE UPDATE ON consent_check FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_check_no_delete BEFORE DELETE ON consent_check FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER consent_check_no_truncate BEFORE TRUNCATE ON consent_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_item_no_update BEFORE UPDATE ON withdrawal_item FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_item_no_delete BEFORE DELETE ON withdrawal_item FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_item_no_truncate BEFORE TRUNCATE ON withdrawal_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_project_no_update BEFORE UPDATE ON withdrawal_project FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_project_no_delete BEFORE DELETE ON withdrawal_project FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_project_no_truncate BEFORE TRUNCATE ON withdrawal_project FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_choice_no_update BEFORE UPDATE ON withdrawal_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_choice_no_delete BEFORE DELETE ON withdrawal_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_choice_no_truncate BEFORE TRUNCATE ON withdrawal_choice FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_release_no_update BEFORE UPDATE ON withdrawal_release FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_release_no_delete BEFORE DELETE ON withdrawal_release FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_release_no_truncate BEFORE TRUNCATE ON withdrawal_release FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_letter_no_update BEFORE UPDATE ON withdrawal_letter FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_letter_no_delete BEFORE DELETE ON withdrawal_letter FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER withdrawal_letter_no_truncate BEFORE TRUNCATE ON withdrawal_letter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', "CREATE FUNCTION sample_not_from_quarantine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.parent_id IS NOT NULL AND EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.parent_id AND closed_at IS NULL) THEN RAISE EXCEPTION 'a sample in quarantine is not divided' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER sample_not_from_quarantine BEFORE INSERT ON sample FOR EACH ROW EXECUTE FUNCTION sample_not_from_quarantine()', 'CREATE TRIGGER recall_notice_item_no_update BEFORE UPDATE ON recall_notice_item FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER recall_notice_item_no_delete BEFORE DELETE ON recall_notice_item FOR EACH ROW EXECUTE FUNCTION refuse_change()', 'CREATE TRIGGER recall_notice_item_no_truncate BEFORE TRUNCATE ON recall_notice_item FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', "CREATE FUNCTION quantity_entry_not_after_destruction() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM holding WHERE sample_id = NEW.sample_id AND kind = 'destroyed') THEN RAISE EXCEPTION 'a destroyed sample holds nothing' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER quantity_entry_not_after_destruction BEFORE INSERT ON quantity_entry FOR EACH ROW EXECUTE FUNCTION quantity_entry_not_after_destruction()', "CREATE FUNCTION holding_destroyed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.kind = 'destroyed' THEN RAISE EXCEPTION 'a destroyed sample has no further holder' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER holding_destroyed_for_good BEFORE UPDATE ON holding FOR EACH ROW EXECUTE FUNCTION holding_destroyed_for_good()', "CREATE FUNCTION custody_act_not_after_destruction() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT kind FROM custody_act WHERE sample_id = NEW.sample_id ORDER BY seq DESC LIMIT 1) = 'destroyed' THEN RAISE EXCEPTION 'a destroyed sample has no further act' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER custody_act_not_after_destruction BEFORE INSERT ON custody_act FOR EACH ROW EXECUTE FUNCTION custody_act_not_after_destruction()', "CREATE FUNCTION loan_not_in_quarantine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM quarantine WHERE sample_id = NEW.sample_id AND closed_at IS NULL) THEN RAISE EXCEPTION 'a sample in quarantine is not lent' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$", 'CREATE TRIGGER loan_not_in_quarantine BEFORE INSERT ON loan FOR EACH ROW EXECUTE FUNCTION loan_not_in_quarantine()', 'CREATE OR REPLACE FUNCTION consent_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN (NEW.participant_id) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); RETURN NULL; END $$', 'CREATE TRIGGER consent_forgets_standing AFTER INSERT ON consent FOR EACH ROW EXECUTE FUNCTION consent_forgets_standing()', 'CREATE OR REPLACE FUNCTION consent_answer_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); RETURN NULL; END $$', 'CREATE TRIGGER consent_answer_forgets_standing AFTER INSERT ON consent_answer FOR EACH ROW EXECUTE FUNCTION consent_answer_forgets_standing()', 'CREATE OR REPLACE FUNCTION consent_signatory_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); RETURN NULL; END $$', 'CREATE TRIGGER consent_signatory_forgets_standing AFTER INSERT ON consent_signatory FOR EACH ROW EXECUTE FUNCTION consent_signatory_forgets_standing()', 'CREATE OR REPLACE FUNCTION consent_proof_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); RETURN NULL; END $$', 'CREATE TRIGGER consent_proof_forgets_standing AFTER INSERT ON consent_proof FOR EACH ROW EXECUTE FUNCTION consent_proof_forgets_standing()', 'CREATE OR REPLACE FUNCTION consent_check_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM consent WHERE id = NEW.consent_id)); RETURN NULL; END $$', 'CREATE TRIGGER consent_check_forgets_standing AFTER INSERT ON consent_check FOR EACH ROW EXECUTE FUNCTION consent_check_forgets_standing()', 'CREATE OR REPLACE FUNCTION consent_information_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN (NEW.participant_id) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); RETURN NULL; END $$', 'CREATE TRIGGER consent_information_forgets_standing AFTER INSERT ON consent_information FOR EACH ROW EXECUTE FUNCTION consent_information_forgets_standing()', 'CREATE OR REPLACE FUNCTION withdrawal_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN (NEW.participant_id) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); RETURN NULL; END $$', 'CREATE TRIGGER withdrawal_forgets_standing AFTER INSERT ON withdrawal FOR EACH ROW EXECUTE FUNCTION withdrawal_forgets_standing()', 'CREATE OR REPLACE FUNCTION withdrawal_use_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)); RETURN NULL; END $$', 'CREATE TRIGGER withdrawal_use_forgets_standing AFTER INSERT ON withdrawal_use FOR EACH ROW EXECUTE FUNCTION withdrawal_use_forgets_standing()', 'CREATE OR REPLACE FUNCTION withdrawal_item_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)); RETURN NULL; END $$', 'CREATE TRIGGER withdrawal_item_forgets_standing AFTER INSERT ON withdrawal_item FOR EACH ROW EXECUTE FUNCTION withdrawal_item_forgets_standing()', 'CREATE OR REPLACE FUNCTION withdrawal_project_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN ((SELECT participant_id FROM withdrawal WHERE id = NEW.withdrawal_id)); RETURN NULL; END $$', 'CREATE TRIGGER withdrawal_project_forgets_standing AFTER INSERT ON withdrawal_project FOR EACH ROW EXECUTE FUNCTION withdrawal_project_forgets_standing()', 'CREATE OR REPLACE FUNCTION participant_history_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN (NEW.participant_id, NEW.merged_into_id) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id, NEW.merged_into_id); RETURN NULL; END $$', 'CREATE TRIGGER participant_history_forgets_standing AFTER INSERT ON participant_history FOR EACH ROW EXECUTE FUNCTION participant_history_forgets_standing()', 'CREATE OR REPLACE FUNCTION participant_majority_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN (NEW.participant_id) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN (NEW.participant_id); RETURN NULL; END $$', 'CREATE TRIGGER participant_majority_forgets_standing AFTER INSERT ON participant_majority FOR EACH ROW EXECUTE FUNCTION participant_majority_forgets_standing()', 'CREATE OR REPLACE FUNCTION participant_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM participant WHERE id IN (NEW.id) FOR KEY SHARE; DELETE FROM consent_standing WHERE participant_id IN (NEW.id); RETURN NULL; END $$', 'CREATE TRIGGER participant_forgets_standing AFTER UPDATE OF adult_from ON participant FOR EACH ROW EXECUTE FUNCTION participant_forgets_standing()', 'CREATE OR REPLACE FUNCTION consent_template_forgets_standing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE consent_standing IN SHARE ROW EXCLUSIVE MODE; DELETE FROM consent_standing WHERE participant_id IN (SELECT consent.participant_id FROM consent JOIN consent_template ON consent_template.id = consent.template_id WHERE consent_template.code = NEW.code); RETURN NULL; END $$', 'CREATE TRIGGER consent_template_forgets_standing AFTER INSERT OR UPDATE ON consent_template FOR EACH ROW EXECUTE FUNCTION consent_template_forgets_standing()']}


def upgrade_registry() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('consent_profile',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_profile')),
    sa.UniqueConstraint('digest', name=op.f('uq_consent_profile_digest'))
    )
    op.create_table('application_pledge',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('term', sa.Enum('NRES', 'GRU', 'HMB', 'DS', 'POA', 'RS', 'GSO', 'NMDS', 'NPOA', 'NPU', 'NCU', 'NPUNCU', 'IRB', 'US', 'PS', 'IS', 'GS', 'TS', 'MOR', 'PUB', 'COL', 'RTN', 'CC', name='duoterm', native_enum=False, create_constraint=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_application_pledge_application_id_application')),
    sa.PrimaryKeyConstraint('application_id', 'term', name=op.f('pk_application_pledge'))
    )
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
    op.create_table('consent_standing',
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('profile_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.CheckConstraint('until_on >= from_on', name=op.f('ck_consent_standing_days')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_consent_standing_participant_id_participant')),
    sa.ForeignKeyConstraint(['profile_id'], ['consent_profile.id'], name=op.f('fk_consent_standing_profile_id_consent_profile')),
    sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_consent_standing'))
    )
    op.create_index(op.f('ix_consent_standing_profile_id'), 'consent_standing', ['profile_id'], unique=False)
    op.create_table('destruction',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('certificate', sa.String(length=40), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('method', sa.Enum('incineration', 'autoclave', 'chemical', 'contractor', name='destructionmethod', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('operator_id', sa.Integer(), nullable=False),
    sa.Column('witness_id', sa.Integer(), nullable=False),
    sa.Column('samples', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('happened_at <= recorded_at', name=op.f('ck_destruction_not_in_the_future')),
    sa.CheckConstraint('witness_id <> operator_id', name=op.f('ck_destruction_witness_is_another')),
    sa.ForeignKeyConstraint(['operator_id'], ['user_account.id'], name=op.f('fk_destruction_operator_id_user_account')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_destruction_participant_id_participant')),
    sa.ForeignKeyConstraint(['witness_id'], ['user_account.id'], name=op.f('fk_destruction_witness_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_destruction')),
    sa.UniqueConstraint('certificate', name=op.f('uq_destruction_certificate'))
    )
    op.create_index(op.f('ix_destruction_participant_id'), 'destruction', ['participant_id'], unique=False)
    op.create_table('dossier_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wrong_codes', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('expires_at > created_at', name=op.f('ck_dossier_link_expires_later')),
    sa.CheckConstraint('wrong_codes BETWEEN 0 AND 5', name=op.f('ck_dossier_link_wrong_codes')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_dossier_link_created_by_id_user_account')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_dossier_link_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_link')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_dossier_link_token_digest'))
    )
    op.create_index(op.f('ix_dossier_link_participant_id'), 'dossier_link', ['participant_id'], unique=False)
    op.create_table('dossier_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.Enum('paper', 'letter', 'telephone', 'email', 'in_person', 'import', 'screen', 'online', name='channel', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.Enum('handed_over', 'post', 'link', name='answer', native_enum=False, create_constraint=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(answered_on IS NULL) = (answer IS NULL)', name=op.f('ck_dossier_request_answer_is_whole')),
    sa.CheckConstraint('answered_on >= asked_on', name=op.f('ck_dossier_request_answered_after_asked')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_dossier_request_answered_by_id_user_account')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_dossier_request_participant_id_participant')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_dossier_request_recorded_by_id_user_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_request'))
    )
    op.create_index(op.f('ix_dossier_request_participant_id'), 'dossier_request', ['participant_id'], unique=False)
    op.create_table('participant_majority',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adult_from', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_participant_majority_participant_id_participant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_majority'))
    )
    op.create_index(op.f('ix_participant_majority_participant_id'), 'participant_majority', ['participant_id'], unique=False)
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
    op.create_index(op.f('ix_consent_proof_document_id'), 'consent_proof', ['document_id'], unique=False)
    op.create_table('consent_signatory',
    sa.Column('consent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Enum('self', 'parent', 'second_parent', 'guardian', 'mandate', 'trusted_person', 'witness', name='signatoryrole', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('stance', sa.Enum('agrees', 'opposes', 'unable', name='stance', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('authority_document_id', sa.Integer(), nullable=True),
    sa.Column('authority_from', sa.Date(), nullable=True),
    sa.Column('authority_to', sa.Date(), nullable=True),
    sa.Column('alone_reason', sa.String(length=500), nullable=True),
    sa.CheckConstraint('authority_to >= authority_from', name=op.f('ck_consent_signatory_authority_period')),
    sa.ForeignKeyConstraint(['authority_document_id'], ['document.id'], name=op.f('fk_consent_signatory_authority_document_id_document')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_consent_signatory_consent_id_consent')),
    sa.PrimaryKeyConstraint('consent_id', 'role', name=op.f('pk_consent_signatory'))
    )
    op.create_index(op.f('ix_consent_signatory_authority_document_id'), 'consent_signatory', ['authority_document_id'], unique=False)
    op.create_table('opposition',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('participant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('link_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('wants_destruction', sa.Boolean(), nullable=False),
    sa.Column('wants_erasure', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'confirmed', 'answered', name='oppositionstate', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handled_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=True),
    sa.Column('completed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'waiting') = (handled_at IS NULL)", name=op.f('ck_opposition_handled_has_time')),
    sa.CheckConstraint("state <> 'answered' OR answer IS NOT NULL", name=op.f('ck_opposition_answer_has_words')),
    sa.ForeignKeyConstraint(['completed_by_id'], ['withdrawal.id'], name=op.f('fk_opposition_completed_by_id_withdrawal')),
    sa.ForeignKeyConstraint(['handled_by_id'], ['user_account.id'], name=op.f('fk_opposition_handled_by_id_user_account')),
    sa.ForeignKeyConstraint(['link_id'], ['dossier_link.id'], name=op.f('fk_opposition_link_id_dossier_link')),
    sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_opposition_participant_id_participant')),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_opposition_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opposition')),
    sa.UniqueConstraint('completed_by_id', name=op.f('uq_opposition_completed_by_id')),
    sa.UniqueConstraint('withdrawal_id', name=op.f('uq_opposition_withdrawal_id'))
    )
    op.create_index(op.f('ix_opposition_link_id'), 'opposition', ['link_id'], unique=False)
    op.create_index(op.f('ix_opposition_participant_id'), 'opposition', ['participant_id'], unique=False)
    op.create_index(op.f('ix_opposition_state'), 'opposition', ['state'], unique=False)
    op.create_table('recall_notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('addressee', sa.String(length=120), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=True),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('acknowledged_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(acknowledged_on IS NULL) = (answer IS NULL)', name=op.f('ck_recall_notice_acknowledgement_is_whole')),
    sa.CheckConstraint('acknowledged_on IS NULL OR acknowledged_on >= sent_on', name=op.f('ck_recall_notice_acknowledged_after_sent')),
    sa.CheckConstraint('acknowledged_on IS NULL OR sent_on IS NOT NULL', name=op.f('ck_recall_notice_acknowledged_was_sent')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['user_account.id'], name=op.f('fk_recall_notice_sent_by_id_user_account')),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_recall_notice_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_notice')),
    sa.UniqueConstraint('withdrawal_id', 'addressee', name=op.f('uq_recall_notice_withdrawal_id_addressee'))
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
    op.create_table('withdrawal_letter',
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('language', sa.Enum('fr', 'en', name='language', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['user_account.id'], name=op.f('fk_withdrawal_letter_recorded_by_id_user_account')),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_letter_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('withdrawal_id', name=op.f('pk_withdrawal_letter'))
    )
    op.create_table('withdrawal_project',
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_project_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('withdrawal_id', 'project', name=op.f('pk_withdrawal_project'))
    )
    op.create_table('withdrawal_release',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('withdrawal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('extract', 'loan', 'material', name='releasekind', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=120), nullable=False),
    sa.Column('released_on', sa.Date(), nullable=False),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.CheckConstraint('returned_on >= released_on', name=op.f('ck_withdrawal_release_returned_after_released')),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_release_withdrawal_id_withdrawal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal_release')),
    sa.UniqueConstraint('withdrawal_id', 'kind', 'what', 'released_on', 'recipient', name=op.f('uq_withdrawal_release_withdrawal_id_kind_what_released_on_recipient'))
    )
    op.create_table('destruction_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('status', sa.Enum('ordered', 'done', 'cancelled', name='orderstatus', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ordered_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('destruction_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'cancelled') = (reason IS NOT NULL)", name=op.f('ck_destruction_order_cancel_reason')),
    sa.CheckConstraint("(status = 'done') = (destruction_id IS NOT NULL)", name=op.f('ck_destruction_order_done_has_certificate')),
    sa.CheckConstraint("(status = 'ordered') = (closed_at IS NULL)", name=op.f('ck_destruction_order_open_has_no_end')),
    sa.ForeignKeyConstraint(['destruction_id'], ['destruction.id'], name=op.f('fk_destruction_order_destruction_id_destruction')),
    sa.ForeignKeyConstraint(['ordered_by_id'], ['user_account.id'], name=op.f('fk_destruction_order_ordered_by_id_user_account')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_destruction_order_sample_id_sample')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_destruction_order'))
    )
    op.create_index(op.f('ix_destruction_order_cause'), 'destruction_order', ['cause'], unique=False)
    op.create_index(op.f('ix_destruction_order_destruction_id'), 'destruction_order', ['destruction_id'], unique=False)
    op.create_index(op.f('ix_destruction_order_sample_id'), 'destruction_order', ['sample_id'], unique=False)
    op.create_index('uq_destruction_order_open', 'destruction_order', ['sample_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('recall_notice_item',
    sa.Column('notice_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('extract', 'loan', 'material', name='releasekind', native_enum=False, create_constraint=True), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['recall_notice.id'], name=op.f('fk_recall_notice_item_notice_id_recall_notice')),
    sa.PrimaryKeyConstraint('notice_id', 'kind', 'what', name=op.f('pk_recall_notice_item'))
    )
    op.create_table('quarantine',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_act_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_act_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(closed_at IS NULL) = (closed_by_act_id IS NULL)', name=op.f('ck_quarantine_closed_is_whole')),
    sa.CheckConstraint('closed_at >= opened_at', name=op.f('ck_quarantine_closed_after_opened')),
    sa.ForeignKeyConstraint(['closed_by_act_id'], ['custody_act.id'], name=op.f('fk_quarantine_closed_by_act_id_custody_act')),
    sa.ForeignKeyConstraint(['opened_by_act_id'], ['custody_act.id'], name=op.f('fk_quarantine_opened_by_act_id_custody_act')),
    sa.ForeignKeyConstraint(['sample_id'], ['sample.id'], name=op.f('fk_quarantine_sample_id_sample')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine')),
    sa.UniqueConstraint('closed_by_act_id', name=op.f('uq_quarantine_closed_by_act_id')),
    sa.UniqueConstraint('opened_by_act_id', name=op.f('uq_quarantine_opened_by_act_id'))
    )
    op.create_index(op.f('ix_quarantine_cause'), 'quarantine', ['cause'], unique=False)
    op.create_index(op.f('ix_quarantine_sample_id'), 'quarantine', ['sample_id'], unique=False)
    op.create_index('uq_quarantine_open', 'quarantine', ['sample_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    # ### end Alembic commands ###
    for statement in _REGISTRY_TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade_registry() -> None:
    triggers.drop(_REGISTRY_TRIGGERS[op.get_bind().dialect.name])
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index('uq_quarantine_open', table_name='quarantine', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index(op.f('ix_quarantine_sample_id'), table_name='quarantine')
    op.drop_index(op.f('ix_quarantine_cause'), table_name='quarantine')
    op.drop_table('quarantine')
    op.drop_table('recall_notice_item')
    op.drop_index('uq_destruction_order_open', table_name='destruction_order', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index(op.f('ix_destruction_order_sample_id'), table_name='destruction_order')
    op.drop_index(op.f('ix_destruction_order_destruction_id'), table_name='destruction_order')
    op.drop_index(op.f('ix_destruction_order_cause'), table_name='destruction_order')
    op.drop_table('destruction_order')
    op.drop_table('withdrawal_release')
    op.drop_table('withdrawal_project')
    op.drop_table('withdrawal_letter')
    op.drop_table('withdrawal_item')
    op.drop_table('withdrawal_choice')
    op.drop_table('recall_notice')
    op.drop_index(op.f('ix_opposition_state'), table_name='opposition')
    op.drop_index(op.f('ix_opposition_participant_id'), table_name='opposition')
    op.drop_index(op.f('ix_opposition_link_id'), table_name='opposition')
    op.drop_table('opposition')
    op.drop_index(op.f('ix_consent_signatory_authority_document_id'), table_name='consent_signatory')
    op.drop_table('consent_signatory')
    op.drop_index(op.f('ix_consent_proof_document_id'), table_name='consent_proof')
    op.drop_index(op.f('ix_consent_proof_consent_id'), table_name='consent_proof')
    op.drop_table('consent_proof')
    op.drop_table('consent_item_term')
    op.drop_index(op.f('ix_consent_check_consent_id'), table_name='consent_check')
    op.drop_table('consent_check')
    op.drop_index(op.f('ix_participant_majority_participant_id'), table_name='participant_majority')
    op.drop_table('participant_majority')
    op.drop_index(op.f('ix_dossier_request_participant_id'), table_name='dossier_request')
    op.drop_table('dossier_request')
    op.drop_index(op.f('ix_dossier_link_participant_id'), table_name='dossier_link')
    op.drop_table('dossier_link')
    op.drop_index(op.f('ix_destruction_participant_id'), table_name='destruction')
    op.drop_table('destruction')
    op.drop_index(op.f('ix_consent_standing_profile_id'), table_name='consent_standing')
    op.drop_table('consent_standing')
    op.drop_index(op.f('ix_consent_information_template_id'), table_name='consent_information')
    op.drop_index(op.f('ix_consent_information_participant_id'), table_name='consent_information')
    op.drop_table('consent_information')
    op.drop_table('application_pledge')
    op.drop_table('consent_profile')
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS sample_not_from_quarantine()")
        op.execute("DROP FUNCTION IF EXISTS quantity_entry_not_after_destruction()")
        op.execute("DROP FUNCTION IF EXISTS holding_destroyed_for_good()")
        op.execute("DROP FUNCTION IF EXISTS custody_act_not_after_destruction()")
        op.execute("DROP FUNCTION IF EXISTS loan_not_in_quarantine()")
        op.execute("DROP FUNCTION IF EXISTS consent_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS consent_answer_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS consent_signatory_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS consent_proof_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS consent_check_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS consent_information_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS withdrawal_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS withdrawal_use_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS withdrawal_item_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS withdrawal_project_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS participant_history_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS participant_majority_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS participant_forgets_standing()")
        op.execute("DROP FUNCTION IF EXISTS consent_template_forgets_standing()")


def upgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###


def downgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###

