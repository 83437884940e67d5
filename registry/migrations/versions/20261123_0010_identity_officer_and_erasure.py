"""identity officer and erasure

Revision: 0c7f6b2d9e14
Follows: 6e3d6066edf5
"""

import sqlalchemy as sa
from alembic import op

revision = '0c7f6b2d9e14'
down_revision = '6e3d6066edf5'
branch_labels = None
depends_on = None

_ROLES_BEFORE = ('nurse', 'technician', 'investigator', 'data_manager', 'dpo', 'admin')
_ROLES = ('nurse', 'technician', 'investigator', 'data_manager', 'identity_officer', 'dpo', 'admin')
_STANDINGS_BEFORE = ('established', 'tentative', 'merged')
_STANDINGS = ('established', 'tentative', 'merged', 'erased')


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=False,
                   length=max(map(len, values)))


def _check(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _roles(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    with op.batch_alter_table('role_grant') as table:
        table.drop_constraint(op.f('ck_role_grant_role'), type_='check')
        table.alter_column('role', existing_type=_one_of(before, 'role'),
                           type_=_one_of(after, 'role'), existing_nullable=False)
        table.create_check_constraint(op.f('ck_role_grant_role'), _check('role', after))


def upgrade_registry() -> None:
    _roles(_ROLES_BEFORE, _ROLES)


def downgrade_registry() -> None:
    # Nobody keeps a role that the older version does not know.
    op.execute(sa.text("DELETE FROM role_grant WHERE role = 'identity_officer'"))
    _roles(_ROLES, _ROLES_BEFORE)


def upgrade_identity() -> None:
    with op.batch_alter_table('person') as table:
        table.drop_constraint(op.f('ck_person_standing'), type_='check')
        table.create_check_constraint(op.f('ck_person_standing'), _check('standing', _STANDINGS))
        table.create_check_constraint(
            op.f('ck_person_erased_has_no_key'),
            "(standing = 'erased') = (length(wrapped_key) = 0)")


def downgrade_identity() -> None:
    # What is erased stays unreadable: the older version meets a person without a usable key.
    op.execute(sa.text("UPDATE person SET standing = 'established' WHERE standing = 'erased'"))
    with op.batch_alter_table('person') as table:
        table.drop_constraint(op.f('ck_person_erased_has_no_key'), type_='check')
        table.drop_constraint(op.f('ck_person_standing'), type_='check')
        table.create_check_constraint(op.f('ck_person_standing'), _check('standing', _STANDINGS_BEFORE))
