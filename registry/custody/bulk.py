"""Writing many samples that exist, with their acts, in few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.accounts.models import Site
from registry.custody import policies
from registry.custody.imported import record_divisions
from registry.custody.known import Existing, Known
from registry.custody.models import CustodyAct, Holding
from registry.custody.recording import Holder, columns_of
from registry.custody.wear import Wear, passed_on
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import RegistryModel, registry_session
from registry.samples.models import Sample
from registry.samples.quantities import written
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind
from registry.vocab.samples import LedgerReason

#: The columns that say where a holder has it.
_WHERE = ("site_id", "place", "person_id", "box_id", "row", "col")


def write(
    actor: Actor, rows: Sequence[Existing], known: Known, places: Mapping[str, Holder]
) -> None:
    """Write the rows as samples, and record each one; parents come before their children.

    `places` are the cells in which some of them lie.
    """
    if not rows:
        return
    _insert_samples(rows, known)
    acts: list[dict[str, Any]] = []
    holdings: list[dict[str, Any]] = []
    for row in rows:
        site = known.sites[row.participant_id]
        _enter(row, known)
        its_acts = _acts(actor, row, known.ids[row.code], site, places.get(row.code))
        acts += its_acts
        known.wear[row.code] = _wear(row, its_acts, known)
        holdings.append(_holding(its_acts, known.wear[row.code]))
        audit.record(
            actor,
            AuditTag.SAMPLE_IMPORTED,
            f"sample:{row.code}",
            site_id=site.id,
            volume=row.volume,
            unit=row.unit,
            parent=row.parent_code,
            acts=[{"kind": act["kind"], "at": act["happened_at"]} for act in its_acts],
        )
    known.ledger.write()
    _insert(CustodyAct, acts)
    _insert(Holding, holdings)
    record_divisions(actor, rows, known)


def _insert_samples(rows: Sequence[Existing], known: Known) -> None:
    now = clock.now()
    values = [
        {
            "code": row.code,
            "participant_id": row.participant_id,
            "site_id": known.sites[row.participant_id].id,
            "sample_type": row.sample_type,
            "container_type": row.container_type,
            "unit": row.unit,
            "collected_at": row.collected_at,
            "recorded_at": now,
        }
        for row in rows
    ]
    _insert(Sample, values)
    # Asked afterwards: RETURNING in the order of the rows would insert them one by one on SQLite.
    found = registry_session.execute(
        sa.select(Sample.code, Sample.id).where(Sample.code.in_([row.code for row in rows]))
    )
    known.ids.update(dict(found.all()))


def _insert(model: type[RegistryModel], values: list[dict[str, Any]]) -> None:
    """Insert all rows in one statement, those with gaps too."""
    registry_session.execute(sa.insert(model).execution_options(render_nulls=True), values)


def _enter(row: Existing, known: Known) -> None:
    if row.parent_code is None:
        known.ledger.enter(known.ids[row.code], row.volume, LedgerReason.COLLECTED)
    else:
        known.ledger.draw(known.ids[row.parent_code], known.ids[row.code], row.volume)


def _acts(
    actor: Actor, row: Existing, sample_id: int, site: Site, cell: Holder | None
) -> list[dict[str, Any]]:
    """The tube's acts, from its collection on, at one site, for that is all that is known.

    It lies in its `cell` since some time before the import.
    """
    now = clock.now()
    times: list[tuple[ActKind, datetime]] = [(ActKind.COLLECTED, row.collected_at), *row.times]
    if cell is not None:
        times.append((ActKind.PLACED, now))
    holder: Holder | None = None
    acts: list[dict[str, Any]] = []
    for kind, happened_at in times:
        before = holder
        holder = _holder_after(kind, before, site, cell)
        acts.append(
            {
                "sample_id": sample_id,
                "seq": len(acts) + 1,
                "kind": kind,
                "happened_at": happened_at,
                "recorded_at": now,
                "actor_id": actor.id,
                "actor_login": actor.login,
                "holder_before": None if before is None else before.kind,
                "place_before": None if before is None else before.place,
                "holder_after": holder.kind,
                **columns_of(holder),
                "fields": _fields(kind, row, cell),
            }
        )
    return acts


def _holder_after(kind: ActKind, before: Holder | None, site: Site, cell: Holder | None) -> Holder:
    """Who has the tube after an act of this kind."""
    if kind is ActKind.PLACED and cell is not None:
        return cell
    if before is not None and kind not in policies.LEADS_TO:
        return before
    [after] = policies.LEADS_TO[kind]
    return Holder(after, site.id, site.name)


def _fields(kind: ActKind, row: Existing, cell: Holder | None) -> dict[str, Any]:
    if kind is ActKind.PLACED and cell is not None:
        return {"cell": cell.place, policies.TIME_UNKNOWN: True}
    if kind is not ActKind.COLLECTED:
        return {}
    fields = {"volume": written(row.volume), "unit": row.unit.value}
    return fields if row.parent_code is None else {**fields, "parent": row.parent_code}


def _wear(row: Existing, acts: Sequence[dict[str, Any]], known: Known) -> Wear:
    """What a tube has been through by its acts, its parent's thaws included."""
    wear = passed_on([] if row.parent_code is None else [known.wear[row.parent_code]])
    for act in acts:
        wear = wear.after(act["kind"], act["fields"], act["happened_at"], act["holder_after"])
    return wear


def _holding(acts: Sequence[dict[str, Any]], wear: Wear) -> dict[str, Any]:
    """The holder to which a tube's acts lead."""
    last = acts[-1]
    since = next(act["happened_at"] for act in reversed(acts) if act["kind"] in policies.LEADS_TO)
    return {
        "sample_id": last["sample_id"],
        "kind": last["holder_after"],
        **{name: last[name] for name in _WHERE},
        "since": since,
        "acts": len(acts),
        "version": 1,
        **vars(wear),
    }
