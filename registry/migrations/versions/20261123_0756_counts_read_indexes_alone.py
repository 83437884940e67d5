"""counts read indexes alone

Revision: 72896a71265c
Follows: 5d8e21c7a40b
"""

from alembic import op

revision = '72896a71265c'
down_revision = '5d8e21c7a40b'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


def upgrade_registry() -> None:
    op.drop_index('ix_consent_standing_profile_id', table_name='consent_standing')
    op.create_index('ix_consent_standing_counted', 'consent_standing',
                    ['profile_id', 'from_on', 'until_on', 'participant_id'])
    op.create_index('ix_participant_counted', 'participant',
                    ['cohort_id', 'sex', 'birth_year', 'included_on', 'id'])
    op.create_index('ix_sample_counted', 'sample',
                    ['sample_type', 'participant_id', 'remaining', 'unit', 'collected_at'])


def downgrade_registry() -> None:
    op.drop_index('ix_sample_counted', table_name='sample')
    op.drop_index('ix_participant_counted', table_name='participant')
    op.drop_index('ix_consent_standing_counted', table_name='consent_standing')
    op.create_index('ix_consent_standing_profile_id', 'consent_standing', ['profile_id'])


def upgrade_identity() -> None:
    pass


def downgrade_identity() -> None:
    pass
