"""what consents know

Revision: 7b1e0c4d92af
Follows: 4576d502efaf
"""

import sqlalchemy as sa
from alembic import op

from registry.migrations.checks import allow_nothing, replace_check, require_something, restrict

revision = '7b1e0c4d92af'
down_revision = '4576d502efaf'
branch_labels = None
depends_on = None

_USES = ('collect', 'store', 'academic_research', 'commercial_research', 'genetics', 'outside_eu',
         'recontact')
_CHANNELS = ('paper', 'letter', 'telephone', 'email', 'in_person', 'import')
_SCOPES = ('all', 'uses')
_HOLDERS = ('collection_site', 'bench', 'position', 'person')
_ACTS = ('collected', 'received', 'centrifuged', 'frozen', 'aliquoted', 'derived', 'placed',
         'moved', 'checked_out', 'returned', 'corrected')
_LEDGER = ('collected', 'drawn_for_child', 'received_from_parent', 'lost', 'consumed', 'corrected')
_TASKS = ('rematch', 'estimate_weights', 'rewrap_keys', 'reindex', 'clean_erased')

#: Table, column, the values before and those that come to them, and the constraint's name.
_WIDER = (
    ('consent_item_use', 'use', _USES, ('share', 'linkage', 'incidental_findings'), 'use'),
    ('withdrawal_use', 'use', _USES, ('share', 'linkage', 'incidental_findings'), 'use'),
    ('consent', 'channel', _CHANNELS, ('screen', 'online'), 'channel'),
    ('withdrawal', 'channel', _CHANNELS, ('screen', 'online'), 'channel'),
    ('withdrawal', 'scope', _SCOPES, ('items', 'projects'), 'withdrawalscope'),
    ('holding', 'kind', _HOLDERS, ('destroyed',), 'holderkind'),
    ('custody_act', 'holder_before', _HOLDERS, ('destroyed',), 'holder_before'),
    ('custody_act', 'holder_after', _HOLDERS, ('destroyed',), 'holder_after'),
    ('custody_act', 'kind', _ACTS, ('quarantined', 'released', 'destroyed'), 'actkind'),
    ('quantity_entry', 'reason', _LEDGER, ('destroyed',), 'ledgerreason'),
    ('task', 'kind', _TASKS, ('refresh_consents',), 'taskkind'),
)

_NO_CELL = "{kind} NOT IN ('collection_site', 'bench') OR box_id IS NULL"
_NO_CELL_AFTER = "{kind} NOT IN ('collection_site', 'bench', 'destroyed') OR box_id IS NULL"

_ROLES = "'self', 'parent', 'second_parent', 'guardian', 'mandate', 'trusted_person', 'witness'"

#: Table, column and its definition, the same on both engines.
_COLUMNS = (
    ('application', 'recipient_kind',
     "VARCHAR(10) DEFAULT 'public' NOT NULL CONSTRAINT ck_application_recipient_kind "
     "CHECK (recipient_kind IN ('institute', 'public', 'non_profit', 'company'))"),
    ('application', 'country', "VARCHAR(2) DEFAULT 'FR' NOT NULL"),
    ('catalogue_count', 'recipient_kind',
     "VARCHAR(10) DEFAULT 'public' NOT NULL CONSTRAINT ck_catalogue_count_recipient_kind "
     "CHECK (recipient_kind IN ('institute', 'public', 'non_profit', 'company'))"),
    ('catalogue_count', 'country', "VARCHAR(2) DEFAULT 'FR' NOT NULL"),
    ('application', 'category',
     "VARCHAR(8) DEFAULT 'health' NOT NULL CONSTRAINT ck_application_category "
     "CHECK (category IN ('general', 'health', 'disease', 'ancestry', 'methods'))"),
    ('application', 'diseases', 'JSON'),
    ('application', 'links_data', 'BOOLEAN DEFAULT {false} NOT NULL'),
    ('application', 'ends_on', 'DATE'),
    ('application', 'ethics_reference', 'VARCHAR(120)'),
    ('consent_template', 'audience',
     "VARCHAR(15) DEFAULT 'adult' NOT NULL CONSTRAINT ck_consent_template_audience "
     "CHECK (audience IN ('adult', 'minor', 'protected_adult'))"),
    ('consent_template', 'change_rule',
     "VARCHAR(9) DEFAULT 'nothing' NOT NULL CONSTRAINT ck_consent_template_changerule "
     "CHECK (change_rule IN ('nothing', 'inform', 'reconsent'))"),
    ('consent_template', 'change_by', 'DATE'),
    ('consent_template', 'proof_within_days', 'INTEGER'),
    ('participant', 'adult_from', 'DATE'),
    ('withdrawal', 'said_by',
     "VARCHAR(14) DEFAULT 'self' NOT NULL CONSTRAINT ck_withdrawal_said_by "
     f"CHECK (said_by IN ({_ROLES}))"),
)

_TOLD_OUTSIDE = ('application', 'catalogue_count')

_REFERENCE = 'fk_consent_template_document_id_document'


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


def upgrade_registry() -> None:
    with op.batch_alter_table('consent_template') as template:
        template.add_column(sa.Column('document_id', sa.Integer()))
        template.create_foreign_key(_REFERENCE, 'document', ['document_id'], ['id'])
    false = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    for table, column, definition in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition.format(false=false)}")
    # Where data went is the recipient's country; which one it was, nobody has written down.
    for table in _TOLD_OUTSIDE:
        op.execute(f"UPDATE {table} SET country = 'ZZ' WHERE outside_eu")
    for table, column, values, more, name in _WIDER:
        restrict(table, column, values, (*values, *more), name=name)
    _no_cell(_NO_CELL, _NO_CELL_AFTER)
    # The registry itself recalls an extract, whoever recorded the withdrawal.
    allow_nothing('application_step', 'actor_id', 'INTEGER')


def downgrade_registry() -> None:
    # What the older version has no word for cannot be kept by it: it refuses, and nothing is lost.
    require_something('application_step', 'actor_id', 'INTEGER')
    _no_cell(_NO_CELL_AFTER, _NO_CELL)
    for table, column, values, more, name in _WIDER:
        _refuse_if_used(table, column, more)
        restrict(table, column, (*values, *more), values, name=name)
    for table, column, _definition in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    with op.batch_alter_table('consent_template') as template:
        template.drop_constraint(_REFERENCE, type_='foreignkey')
        template.drop_column('document_id')


def _no_cell(before: str, after: str) -> None:
    for table, kind in (('holding', 'kind'), ('custody_act', 'holder_after')):
        replace_check(table, 'others_have_no_cell', before.format(kind=kind),
                      after.format(kind=kind))


def _refuse_if_used(table: str, column: str, values: tuple[str, ...]) -> None:
    used = sa.text(f"SELECT count(*) FROM {table} WHERE {column} IN :values").bindparams(
        sa.bindparam('values', list(values), expanding=True))
    if op.get_bind().execute(used).scalar_one():
        raise RuntimeError(f"{table}.{column} holds what the older version does not know")


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass
