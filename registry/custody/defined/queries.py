"""Reading defined acts: what may be done now, and every version for whoever defines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from registry.accounts.models import User
from registry.custody.defined.definition import Definition
from registry.custody.defined.models import ActDefinition, DefinedAct
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session


@dataclass(frozen=True)
class Version:
    """One version of a defined act."""

    id: int
    code: str
    number: int
    definition: Definition
    retired_at: datetime | None
    made_at: datetime
    made_by: str


def newest(*, with_retired: bool = False) -> Sequence[Version]:
    """Every defined act as it is done now, in the order of the codes."""
    last = sa.select(sa.func.max(ActDefinition.id)).group_by(ActDefinition.act_id)
    query = _versions().where(ActDefinition.id.in_(last)).order_by(DefinedAct.code)
    if not with_retired:
        query = query.where(DefinedAct.retired_at.is_(None))
    return _read(query)


def versions(code: str) -> Sequence[Version]:
    """Every version of one act, the newest first.

    :raises NotFound: no act has this code.
    """
    found = _read(_versions().where(DefinedAct.code == code).order_by(ActDefinition.number.desc()))
    if not found:
        raise NotFound(T("There is no such act."))
    return found


def definitions(ids: Collection[int | None]) -> Mapping[int | None, Definition]:
    """The definitions with these numbers: of the acts that were done by them."""
    if not any(ids):
        return {}
    rows = registry_session.execute(
        sa.select(ActDefinition.id, ActDefinition.definition).where(ActDefinition.id.in_(ids))
    )
    return {number: Definition.of_json(kept) for number, kept in rows}


def _versions() -> sa.Select[ActDefinition, str]:
    return (
        sa.select(ActDefinition, User.name)
        .join(ActDefinition.act)
        .outerjoin(User, User.id == ActDefinition.made_by_id)
        .options(orm.contains_eager(ActDefinition.act))
    )


def _read(query: sa.Select[ActDefinition, str]) -> list[Version]:
    return [
        Version(
            id=row.id,
            code=row.act.code,
            number=row.number,
            definition=Definition.of_json(row.definition),
            retired_at=row.act.retired_at,
            made_at=row.made_at,
            made_by=name or "",
        )
        for row, name in registry_session.execute(query)
    ]
