"""what samples have been through

Revision: 4b1650d2580a
Follows: 11725b76e171
"""

from datetime import timedelta
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = '4b1650d2580a'
down_revision = '11725b76e171'
branch_labels = None
depends_on = None


def upgrade(database: str) -> None:
    globals()[f"upgrade_{database}"]()


def downgrade(database: str) -> None:
    globals()[f"downgrade_{database}"]()


_INTERVAL = {"sqlite": "DATETIME", "postgresql": "INTERVAL"}
_MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
_FALSE = {"sqlite": "0", "postgresql": "false"}
_AT_ONCE = 5_000

_holding = sa.table(
    "holding",
    sa.column("sample_id", sa.BigInteger),
    sa.column("thaws", sa.Integer),
    sa.column("is_thawed", sa.Boolean),
    sa.column("out_of_store", sa.Interval),
    sa.column("out_from", sa.DateTime(timezone=True)),
)
_sample = sa.table("sample", sa.column("id", sa.BigInteger), sa.column("code", sa.String))
_act = sa.table(
    "custody_act",
    sa.column("id", sa.BigInteger),
    sa.column("sample_id", sa.BigInteger),
    sa.column("seq", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("happened_at", sa.DateTime(timezone=True)),
    sa.column("holder_after", sa.String),
    sa.column("fields", sa.JSON),
    sa.column("corrects_id", sa.BigInteger),
)


def upgrade_registry() -> None:
    dialect = op.get_bind().dialect.name
    for column, definition in (
        ("thaws", "INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_holding_thaws CHECK (thaws >= 0)"),
        ("is_thawed", f"BOOLEAN DEFAULT {_FALSE[dialect]} NOT NULL"),
        ("out_of_store", _INTERVAL[dialect]),
        ("out_from", f"{_MOMENT[dialect]} CONSTRAINT ck_holding_out_after_it_was_in "
         "CHECK (out_from IS NULL OR out_of_store IS NOT NULL)"),
    ):  # fmt: skip
        op.execute(f"ALTER TABLE holding ADD COLUMN {column} {definition}")
    _fill()
    op.create_index(
        'ix_holding_thawed', 'holding', ['sample_id', 'thaws'],
        sqlite_where=sa.text('thaws > 0'), postgresql_where=sa.text('thaws > 0'),
    )  # fmt: skip
    op.create_index('ix_sample_collected_at_id', 'sample', ['collected_at', 'id'])


def downgrade_registry() -> None:
    op.drop_index('ix_sample_collected_at_id', table_name='sample')
    op.drop_index('ix_holding_thawed', table_name='holding')
    for column in ("out_from", "out_of_store", "is_thawed", "thaws"):
        op.drop_column('holding', column)


def _fill() -> None:
    """Tell from the acts of each sample what it has been through.

    A parent was there before its children, so that its number is smaller: what
    they inherit is known when their turn comes.
    """
    bind = op.get_bind()
    inherited: dict[str, tuple[int, bool]] = {}
    last = 0
    while True:
        some = bind.scalars(
            sa.select(_sample.c.id)
            .where(_sample.c.id > last)
            .order_by(_sample.c.id)
            .limit(_AT_ONCE)
        ).all()
        if not some:
            return
        acts = bind.execute(
            sa.select(_sample.c.code, _act)
            .join(_act, _act.c.sample_id == _sample.c.id)
            .where(_sample.c.id.between(some[0], some[-1]))
            .order_by(_sample.c.id, _act.c.seq)
        ).all()
        corrected = {one.corrects_id for one in acts}
        standing = [one for one in acts if one.corrects_id is None and one.id not in corrected]
        changed = []
        for (sample_id, code), its_acts in groupby(standing, key=_whose):
            worn = _worn(list(its_acts), inherited.pop(code, (0, False)), inherited)
            if worn != (0, False, None, None):
                names = ("of", "thaws", "is_thawed", "out_of_store", "out_from")
                changed.append(dict(zip(names, (sample_id, *worn), strict=True)))
        if changed:
            bind.execute(
                sa.update(_holding).where(_holding.c.sample_id == sa.bindparam("of")), changed
            )
        last = some[-1]


def _whose(act):
    return act.sample_id, act.code


def _worn(acts, before, inherited):
    thaws, is_thawed = before
    out = out_from = None
    for act in acts:
        is_seen = act.fields.get("condition") == "thawed"
        if act.kind == "thawed" or (is_seen and not is_thawed):
            thaws, is_thawed = thaws + 1, True
        if act.kind == "frozen" or act.holder_after == "position":
            is_thawed = False
        if act.holder_after == "position":
            out = (out or timedelta(0)) if out_from is None else act.happened_at - out_from
            out_from = None
        elif act.holder_after == "destroyed":
            out_from = None
        elif out is not None and out_from is None:
            out_from = act.happened_at - out
        if thaws:
            for code in act.fields.get("children", ()):
                inherited.setdefault(code, (thaws, is_thawed))
    return thaws, is_thawed, out, out_from


def upgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###


def downgrade_identity() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    pass
    # ### end Alembic commands ###

