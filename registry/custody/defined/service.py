"""Defining acts, changing their definitions, retiring them and taking them up again."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody.defined import definition as defining
from registry.custody.defined.definition import Definition
from registry.custody.defined.models import ActDefinition, DefinedAct
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken, Stale
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.audit import AuditTag


@transactional
def define(actor: Actor, code: str, definition: Definition) -> DefinedAct:
    """Define an act; technicians of every site may do it from now on.

    :raises InvalidInput: an act has this code, or nothing could be recorded by
        the definition.
    """
    require(actor, Permission.DEFINED_ACT_EDIT)
    defining.check(definition)
    advisory_lock(f"defined_act:{code}")
    if registry_session.scalar(sa.select(DefinedAct.id).where(DefinedAct.code == code)):
        raise InvalidInput(T("An act has this code already: {code}.", code=code), field="code")
    act = DefinedAct(code=code)
    registry_session.add(act)
    registry_session.flush()
    _write(actor, act, 1, definition)
    return act


@transactional
def change(actor: Actor, code: str, definition: Definition, *, after: int) -> int:
    """Have the act done by another definition from now on; the number of the new version.

    What was recorded keeps the version by which it was.  `after` is the
    version that the writer saw as the newest.

    :raises NotFound: no act has this code.
    :raises InvalidInput: nothing could be recorded by the definition, or it
        says nothing new.
    :raises Stale: somebody else wrote a version in the meantime.
    """
    require(actor, Permission.DEFINED_ACT_EDIT)
    defining.check(definition)
    act = _locked(code)
    newest = registry_session.scalars(
        sa.select(ActDefinition)
        .where(ActDefinition.act_id == act.id)
        .order_by(ActDefinition.number.desc())
        .limit(1)
    ).one()
    if newest.number != after:
        raise Stale(T("Somebody else changed this in the meantime. Look at it again, then retry."))
    if newest.definition == definition.as_json():
        raise InvalidInput(T("Nothing is changed."))
    return _write(actor, act, newest.number + 1, definition)


@transactional
def retire(actor: Actor, code: str) -> DefinedAct:
    """Offer the act no longer; what was recorded stays as it is.

    :raises NotFound: no act has this code.
    :raises RuleBroken: it is retired already.
    """
    require(actor, Permission.DEFINED_ACT_EDIT)
    act = _locked(code)
    if act.retired_at is not None:
        raise RuleBroken(T("This act is retired already."))
    act.retired_at = clock.now()
    registry_session.flush()
    audit.record(actor, AuditTag.DEFINED_ACT_RETIRED, act)
    return act


@transactional
def resume(actor: Actor, code: str) -> DefinedAct:
    """Offer a retired act again, as its newest version says.

    :raises NotFound: no act has this code.
    :raises RuleBroken: it is not retired.
    """
    require(actor, Permission.DEFINED_ACT_EDIT)
    act = _locked(code)
    if act.retired_at is None:
        raise RuleBroken(T("This act is not retired."))
    act.retired_at = None
    registry_session.flush()
    audit.record(actor, AuditTag.DEFINED_ACT_RESUMED, act)
    return act


def _locked(code: str) -> DefinedAct:
    found = registry_session.scalar(sa.select(DefinedAct.id).where(DefinedAct.code == code))
    if found is None:
        raise NotFound(T("There is no such act."))
    return lock_row(DefinedAct, found)


def _write(actor: Actor, act: DefinedAct, number: int, definition: Definition) -> int:
    made = ActDefinition(
        act_id=act.id,
        number=number,
        definition=definition.as_json(),
        made_at=clock.now(),
        made_by_id=actor.id,
    )
    registry_session.add(made)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.DEFINED_ACT_WRITTEN,
        act,
        version=number,
        fields=[one.key for one in definition.fields],
        holders=sorted(definition.holders),
        use=definition.use,
    )
    return number
