"""Reading what a person recorded lately: for whoever wants to see, or undo, an own slip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody import policies
from registry.custody.defined.definition import Definition
from registry.custody.defined.models import ActDefinition
from registry.custody.models import CustodyAct, Holding
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.custody import ActKind, HolderKind


@dataclass(frozen=True)
class OwnAct:
    """An act that the person recorded, and where it led."""

    act_id: int
    sample_code: str
    kind: ActKind
    #: Of a defined act: what it was when it was done.
    definition: Definition | None
    recorded_at: datetime
    holder_after: HolderKind
    place: str
    comment: str | None
    is_undone: bool
    #: It is the sample's last act and of a kind that can be undone.
    can_be_corrected: bool


def acts(actor: Actor, *, before: int | None = None) -> tuple[Sequence[OwnAct], int | None]:
    """Acts that the actor recorded, newest first, from below the number `before`; and the next."""
    correction = orm.aliased(CustodyAct)
    query = samples.visible(
        actor,
        sa.select(CustodyAct, Sample.code, Holding.acts, correction.id, ActDefinition.definition)
        .join(Sample, Sample.id == CustodyAct.sample_id)
        .join(Holding, Holding.sample_id == CustodyAct.sample_id)
        .outerjoin(correction, correction.corrects_id == CustodyAct.id)
        .outerjoin(ActDefinition, ActDefinition.id == CustodyAct.definition_id)
        .where(CustodyAct.actor_id == actor.id),
    )
    if before is not None:
        query = query.where(CustodyAct.id < before)
    found = registry_session.execute(
        query.order_by(CustodyAct.recorded_at.desc(), CustodyAct.id.desc())
        .limit(limits.PAGE_ROWS + 1)
        .options(orm.raiseload("*"))
    ).all()
    rows = [_read(*row) for row in found[: limits.PAGE_ROWS]]
    return rows, rows[-1].act_id if len(found) > len(rows) else None


def _read(
    act: CustodyAct,
    code: str,
    last_seq: int,
    correction_id: int | None,
    defined: dict[str, Any] | None,
) -> OwnAct:
    is_undone = correction_id is not None
    return OwnAct(
        act_id=act.id,
        sample_code=code,
        kind=act.kind,
        definition=None if defined is None else Definition.of_json(defined),
        recorded_at=act.recorded_at,
        holder_after=act.holder_after,
        place=act.place,
        comment=act.comment,
        is_undone=is_undone,
        can_be_corrected=not is_undone and act.seq == last_seq and policies.is_correctable(act),
    )
