"""Writing an act and the holder that it leads to; every other module of custody acts through here.

A correction, a first act and any other act all leave one row in the chain, one
holder, and one entry in the journal.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry import audit
from registry.access import Permission, require
from registry.custody import policies
from registry.custody.exposures import waiting
from registry.custody.models import CustodyAct, Holding
from registry.custody.picking import reserving
from registry.custody.quarantine import policies as quarantine
from registry.custody.wear import NEW, Wear
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.persistence.unit_of_work import current
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, HolderKind

_TAGS: dict[ActKind, AuditTag] = {
    ActKind.RECEIVED: AuditTag.SAMPLE_RECEIVED,
    ActKind.CENTRIFUGED: AuditTag.SAMPLE_CENTRIFUGED,
    ActKind.FROZEN: AuditTag.SAMPLE_FROZEN,
    ActKind.THAWED: AuditTag.SAMPLE_THAWED,
    ActKind.ALIQUOTED: AuditTag.SAMPLE_DIVIDED,
    ActKind.DERIVED: AuditTag.SAMPLE_DIVIDED,
    ActKind.POOLED: AuditTag.SAMPLE_DIVIDED,
    ActKind.PLACED: AuditTag.SAMPLE_PLACED,
    ActKind.MOVED: AuditTag.SAMPLE_MOVED,
    ActKind.CHECKED_OUT: AuditTag.SAMPLE_CHECKED_OUT,
    ActKind.RETURNED: AuditTag.SAMPLE_RETURNED,
    ActKind.CONSUMED: AuditTag.SAMPLE_CONSUMED,
    ActKind.SHIPPED: AuditTag.SAMPLE_SHIPPED,
    ActKind.ARRIVED: AuditTag.SAMPLE_ARRIVED,
    ActKind.DISTRIBUTED: AuditTag.SAMPLE_DISTRIBUTED,
    ActKind.CORRECTED: AuditTag.SAMPLE_CORRECTED,
    ActKind.QUARANTINED: AuditTag.SAMPLE_QUARANTINED,
    ActKind.RELEASED: AuditTag.SAMPLE_RELEASED,
    ActKind.DISPOSED: AuditTag.SAMPLE_DISPOSED,
    ActKind.DESTROYED: AuditTag.SAMPLE_DESTROYED,
    ActKind.DEFINED: AuditTag.SAMPLE_ACTED_ON,
}


@dataclass(frozen=True)
class Holder:
    """Who or what has a sample, and where."""

    kind: HolderKind
    site_id: int
    #: In words as they are now: the site, the way to the cell, or the person's name.
    place: str
    person_id: int | None = None
    box_id: int | None = None
    row: int | None = None
    col: int | None = None

    @property
    def cell(self) -> tuple[int | None, int | None, int | None]:
        """The cell that it is in, or that is kept for it."""
        return self.box_id, self.row, self.col


@dataclass(frozen=True)
class Act:
    """What was done, when and why."""

    kind: ActKind
    happened_at: datetime
    reason: str | None = None
    comment: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    corrects_id: int | None = None
    client_key: str | None = None
    definition_id: int | None = None


def holder_of(held: Holding | CustodyAct) -> Holder:
    """The holder that a holding is, or that an act led to."""
    return Holder(
        kind=held.kind if isinstance(held, Holding) else held.holder_after,
        site_id=held.site_id,
        place=held.place,
        person_id=held.person_id,
        box_id=held.box_id,
        row=held.row,
        col=held.col,
    )


def read_codes(scanned: Sequence[str], *, field: str) -> Sequence[str]:
    """The codes that were scanned together, in order.

    :raises InvalidInput: none or too many, or some were misread or scanned
        twice; each is named under `field`.
    """
    if not 1 <= len(scanned) <= limits.SCANS_AT_ONCE_MAX:
        raise InvalidInput(
            T("Scan 1 to {most} tubes at once.", most=limits.SCANS_AT_ONCE_MAX), field=field
        )
    refusals = Refusals(field)
    codes: list[str] = []
    for raw in scanned:
        with refusals.gathered():
            code = tube.read_scan(raw)
            if code in codes:
                raise InvalidInput(T("{code} was scanned twice.", code=code), field=field)
            codes.append(code)
    refusals.raise_if_any()
    return codes


def lock_holdings(actor: Actor, codes: Collection[str]) -> dict[str, Holding]:
    """The holdings of those of these samples that the actor sees, kept from other writers."""
    found = registry_session.scalars(
        _holdings(actor, codes)
        .with_for_update(of=Holding)
        .execution_options(populate_existing=True)
    )
    return {holding.sample.code: holding for holding in found}


def look_at_holdings(actor: Actor, codes: Collection[str]) -> dict[str, Holding]:
    """The same for showing what could be done: nothing is kept from anybody."""
    return {one.sample.code: one for one in registry_session.scalars(_holdings(actor, codes))}


def _holdings(actor: Actor, codes: Collection[str]) -> sa.Select[Holding]:
    return (
        samples.visible(actor, sa.select(Holding).join(Holding.sample))
        .where(Sample.code.in_(codes))
        .options(orm.contains_eager(Holding.sample))
        .order_by(Holding.sample_id)
    )


def lock_holding(actor: Actor, scanned: str, permission: Permission) -> Holding:
    """The holding of one sample, for a person who may do this to it.

    :raises InvalidInput: the code was misread.
    :raises NotFound: there is no such sample at the actor's sites.
    :raises NotPermitted: the actor may not do this at the sample's site.
    """
    code = tube.read_scan(scanned)
    return found_among(actor, lock_holdings(actor, [code]), code, permission)


def found_among(
    actor: Actor, holdings: Mapping[str, Holding], code: str, permission: Permission
) -> Holding:
    """The one with this code; raises as `lock_holding` does."""
    holding = holdings.get(code)
    if holding is None:
        raise NotFound(T("There is no sample {code} at your sites.", code=code), field="code")
    require(actor, permission, holding.sample)
    return holding


def begin(
    actor: Actor,
    sample: Sample,
    act: Act,
    holder: Holder,
    tag: AuditTag,
    *,
    inherited: Wear = NEW,
) -> CustodyAct:
    """Record the first act on a sample; `inherited` is what it was made of had been through."""
    first = CustodyAct(
        sample_id=sample.id,
        seq=1,
        **_columns(actor, act),
        holder_after=holder.kind,
        **columns_of(holder),
    )
    holding = Holding(
        sample=sample,
        kind=holder.kind,
        since=act.happened_at,
        acts=1,
        wear=inherited.after(act.kind, act.fields, act.happened_at, holder.kind),
        **columns_of(holder),
    )
    registry_session.add_all([first, holding])
    audit.record(actor, tag, sample, act=act.kind, fields=act.fields)
    return first


def record(
    actor: Actor,
    holding: Holding,
    act: Act,
    holder: Holder | None = None,
    *,
    since: datetime | None = None,
) -> CustodyAct:
    """Record an act on a sample whose holding is locked, and hand it to `holder` if one is given.

    `since` is when the holder got the sample, when that is not at this act.
    What the sample has been through follows the act, but for a correction:
    that is told anew by who corrects.
    """
    before, after = holder_of(holding), holder or holder_of(holding)
    done = CustodyAct(
        sample_id=holding.sample_id,
        seq=holding.acts + 1,
        **_columns(actor, act),
        holder_before=before.kind,
        place_before=before.place,
        holder_after=after.kind,
        **columns_of(after),
    )
    registry_session.add(done)
    holding.acts += 1
    if act.kind is not ActKind.CORRECTED:
        holding.wear = worn(holding, act, after)
    if holder is not None:
        holding.kind = holder.kind
        holding.since = since or act.happened_at
        for name, value in columns_of(holder).items():
            setattr(holding, name, value)
    journal(actor, holding.sample, act)
    return done


def worn(holding: Holding, act: Act, after: Holder) -> Wear:
    """What the sample will have been through with this act."""
    return holding.wear.after(act.kind, act.fields, act.happened_at, after.kind)


def journal(actor: Actor, sample: Sample, act: Act) -> None:
    """Enter an act in the journal."""
    audit.record(
        actor, _TAGS[act.kind], sample, reason=act.comment, act=act.kind, fields=act.fields
    )


def record_many(actor: Actor, holdings: Sequence[Holding], act: Act) -> None:
    """Record the same act on samples that stay where they are, in few statements.

    Their holdings are locked.
    """
    registry_session.flush()
    rows = [act_row(actor, one, act, holder_of(one)) for one in holdings]
    registry_session.execute(sa.insert(CustodyAct).execution_options(render_nulls=True), rows)
    registry_session.execute(
        sa.update(Holding)
        .where(Holding.sample_id.in_([one.sample_id for one in holdings]))
        .values(acts=Holding.acts + 1, version=Holding.version + 1)
        .execution_options(synchronize_session=False)
    )
    for one in holdings:
        registry_session.expire(one, ["acts", "version"])
        journal(actor, one.sample, act)


def check(kind: ActKind, holding: Holding, given: datetime | None, *, field: str) -> datetime:
    """The moment of an act that is possible now.

    :raises RuleBroken: as `check_possible` does.
    :raises InvalidInput: the moment cannot be.
    """
    check_possible(kind, holding)
    return policies.moment_of(given, holding, field=field)


def check_possible(kind: ActKind, holding: Holding) -> None:
    """Refuse an act on a sample whose holding is locked.

    :raises RuleBroken: the present holder does not allow it, the sample is in
        quarantine, it is reserved for somebody's pick list, or it was exposed
        to a temperature of which nobody has decided yet.
    """
    policies.check_allowed(kind, holding)
    if kind in quarantine.BARRED:
        check_usable(holding)


def check_usable(holding: Holding) -> None:
    """Refuse to use a sample, whose holding is locked, that is kept from being used.

    :raises RuleBroken: the sample is in quarantine, it is reserved for
        somebody's pick list, or it was exposed to a temperature of which
        nobody has decided yet.
    """
    quarantine.check_not_barred(holding.sample_id, holding.sample.code)
    reserving.check_not_reserved(holding.sample_id, holding.sample.code)
    waiting.check_is_decided(holding.sample_id, holding.sample.code)


def act_row(actor: Actor, holding: Holding, act: Act, after: Holder) -> dict[str, Any]:
    """The columns of an act, for writing many at once."""
    return {
        "sample_id": holding.sample_id,
        "seq": holding.acts + 1,
        **_columns(actor, act),
        "holder_before": holding.kind,
        "place_before": holding.place,
        "holder_after": after.kind,
        **columns_of(after),
    }


def _columns(actor: Actor, act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "happened_at": act.happened_at,
        "recorded_at": clock.now(),
        "actor_id": actor.id,
        "actor_login": actor.login,
        "reason": act.reason,
        "comment": act.comment,
        "fields": dict(act.fields),
        "corrects_id": act.corrects_id,
        "batch": current().number,
        "client_key": act.client_key,
        "definition_id": act.definition_id,
    }


def columns_of(holder: Holder) -> dict[str, Any]:
    """Where the holder has it, as the tables of acts and of holdings have it."""
    return {name: value for name, value in vars(holder).items() if name != "kind"}
