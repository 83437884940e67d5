"""Recording defined acts on samples."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody import asking, policies, recording
from registry.custody.defined import values
from registry.custody.defined.definition import Definition
from registry.custody.defined.models import ActDefinition, DefinedAct
from registry.custody.models import Holding
from registry.custody.recording import Act
from registry.custody.shipments.allowing import Allowed
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken, Stale
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab.custody import ActKind, CheckoutReason


@transactional
def record(
    actor: Actor,
    act_code: str,
    codes: Sequence[str],
    *,
    version: int,
    given: Mapping[str, Any],
    comment: str | None = None,
    happened_at: datetime | None = None,
) -> Sequence[Sample]:
    """Record a defined act on samples, all or none; each stays with whoever holds it.

    `version` is the one that the person saw, `given` the values by the keys of
    its fields.

    :raises NotFound: no act has this code.
    :raises RuleBroken: it was retired.
    :raises Stale: its definition was changed in the meantime.
    :raises InvalidInput: a value is none that its field takes, a comment is
        needed, or the act cannot be done to some; each is named under ``codes``.
    """
    require(actor, Permission.DEFINED_ACT_RECORD)
    kept = _newest(act_code, version)
    definition = Definition.of_json(kept.definition)
    said = values.kept(definition.fields, given)
    if definition.needs_comment and not (comment or "").strip():
        raise InvalidInput(T("This act needs a comment."), field="comment")
    scanned = recording.read_codes(codes, field="codes")
    allowed = _consents(actor, definition.use, scanned)
    holdings = recording.lock_holdings(actor, scanned)
    refusals = Refusals("codes")
    moments: dict[str, datetime] = {}
    for code in scanned:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.DEFINED_ACT_RECORD)
            _check_possible(definition, holding)
            if allowed is not None:
                allowed.check(holding.sample)
            moments[code] = policies.moment_of(happened_at, holding, field="codes")
    refusals.raise_if_any()
    fields = {"act": act_code, "version": version, "values": said}
    for code in scanned:
        act = Act(
            ActKind.DEFINED, moments[code], comment=comment, fields=fields, definition_id=kept.id
        )
        recording.record(actor, holdings[code], act)
    registry_session.flush()
    return [holdings[code].sample for code in scanned]


def _newest(act_code: str, version: int) -> ActDefinition:
    """The definition to act by; nobody retires or changes it until the commit."""
    act = registry_session.scalar(
        sa.select(DefinedAct).where(DefinedAct.code == act_code).with_for_update(read=True)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    if act is None:
        raise NotFound(T("There is no such act."))
    if act.retired_at is not None:
        raise RuleBroken(T("This act was retired: it is no longer recorded."))
    newest = registry_session.scalars(
        sa.select(ActDefinition)
        .where(ActDefinition.act_id == act.id)
        .order_by(ActDefinition.number.desc())
        .limit(1)
    ).one()
    if newest.number != version:
        raise Stale(
            T("What is asked about this act was changed in the meantime. Open the page again.")
        )
    return newest


def _consents(actor: Actor, use: CheckoutReason | None, codes: Sequence[str]) -> Allowed | None:
    """What the consents say of these samples, held until the commit; None: nothing is asked."""
    if use is None:
        return None
    tubes = registry_session.scalars(
        samples.visible(actor, sa.select(Sample).where(Sample.code.in_(codes)))
    )
    return Allowed(asking.USE_OF[use], tubes)


def _check_possible(definition: Definition, holding: Holding) -> None:
    """Refuse the act where its definition, or what keeps the sample, does not allow it.

    :raises RuleBroken: the sentence says why.
    """
    if holding.kind not in definition.holders:
        raise RuleBroken(
            policies.refusal(holding.kind, code=holding.sample.code, place=holding.place),
            field="code",
        )
    if definition.use is not None:
        recording.check_usable(holding)
