"""Carrying out orders to destroy samples: afterwards nobody holds them and nothing is in them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.custody import recording
from registry.custody.destruction import ordering, policies
from registry.custody.destruction.models import Destruction, DestructionOrder
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.policies import check_past
from registry.custody.quarantine.models import Quarantine
from registry.custody.recording import Act, Holder
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as checked_code
from registry.persistence import registry_session, transactional
from registry.samples.ledger import Ledger
from registry.samples.quantities import written
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, DestructionMethod, HolderKind, OrderAct
from registry.vocab.samples import LedgerReason


@dataclass(frozen=True)
class _Doing:
    """What is done to every sample alike."""

    operator_id: int
    witness_id: int
    method: DestructionMethod
    happened_at: datetime


@transactional
def carry_out(
    actor: Actor,
    codes: Sequence[str],
    *,
    witness: Actor,
    method: DestructionMethod,
    at: datetime | None = None,
) -> Sequence[Destruction]:
    """Destroy samples that were ordered to be, all or none: one certificate for each participant.

    `witness` is somebody else, who has just proved to be there
    (`registry.accounts.witnessing`).  `at` is now by default.

    :raises InvalidInput: some cannot be destroyed, each named under ``codes``;
        the witness is the actor, or the moment is to come.
    :raises NotPermitted: the actor may not do this.
    """
    require(actor, Permission.SAMPLE_DESTROY)
    operator_id, witness_id = policies.check_people(actor, witness)
    happened_at = at or clock.now()
    check_past(happened_at, field="at")
    scanned = recording.read_codes(codes, field="codes")
    holdings = recording.lock_holdings(actor, scanned)
    refusals = Refusals("codes")
    ready: dict[int, list[tuple[Holding, DestructionOrder]]] = defaultdict(list)
    for code in scanned:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_DESTROY)
            policies.check_may_witness(witness, holding.sample)
            recording.check(ActKind.DESTROYED, holding, happened_at, field="codes")
            order = policies.check_ordered(ordering.locked(holding.sample_id), holding)
            ready[holding.sample.participant_id].append((holding, order))
    refusals.raise_if_any()
    doing = _Doing(operator_id, witness_id, method, happened_at)
    done = [_destroy(actor, one, pairs, doing) for one, pairs in sorted(ready.items())]
    registry_session.flush()
    return done


def _destroy(
    actor: Actor,
    participant_id: int,
    pairs: Sequence[tuple[Holding, DestructionOrder]],
    doing: _Doing,
) -> Destruction:
    destruction = _certify(participant_id, pairs, doing)
    ledger = Ledger([holding.sample_id for holding, _order in pairs])
    for holding, _order in pairs:
        if left := ledger.left(holding.sample_id):
            ledger.enter(holding.sample_id, -left, LedgerReason.DESTROYED)
    # Before the holder: the database lets nothing into the ledger of a destroyed sample.
    ledger.write()
    for holding, order in pairs:
        policies.move(order, OrderAct.CARRY_OUT, doing.happened_at)
        order.destruction = destruction
        act = _act(actor, holding, order, doing, destruction.certificate)
        _close(holding.sample_id, act)
    audit.record(
        actor,
        AuditTag.DESTRUCTION_CERTIFIED,
        destruction,
        witness=doing.witness_id,
        method=doing.method,
        samples=[sample["code"] for sample in destruction.samples],
        digest=destruction.digest,
    )
    return destruction


def _certify(
    participant_id: int, pairs: Sequence[tuple[Holding, DestructionOrder]], doing: _Doing
) -> Destruction:
    """Write down what is destroyed as it is now, with a digest of all of it."""
    certificate = f"X-{checked_code.new()}"
    samples = [_described(holding, order) for holding, order in pairs]
    destruction = Destruction(
        certificate=certificate,
        participant_id=participant_id,
        method=doing.method,
        happened_at=doing.happened_at,
        recorded_at=clock.now(),
        operator_id=doing.operator_id,
        witness_id=doing.witness_id,
        samples=samples,
        digest=_digest({"certificate": certificate, "samples": samples, **vars(doing)}),
    )
    registry_session.add(destruction)
    registry_session.flush()
    return destruction


def _described(holding: Holding, order: DestructionOrder) -> dict[str, Any]:
    sample = holding.sample
    return {
        "code": sample.code,
        "type": sample.sample_type.value,
        "quantity": written(sample.remaining),
        "unit": sample.unit.value,
        "place": holding.place,
        "cause": order.cause,
    }


def _digest(said: Mapping[str, Any]) -> str:
    canonical = json.dumps(said, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> str:
    return str(value.isoformat() if isinstance(value, datetime) else value)


def _act(
    actor: Actor, holding: Holding, order: DestructionOrder, doing: _Doing, certificate: str
) -> CustodyAct:
    site = registry_session.get_one(Site, holding.site_id)
    fields = {"cause": order.cause, "method": doing.method.value, "certificate": certificate}
    act = Act(ActKind.DESTROYED, max(doing.happened_at, holding.since), fields=fields)
    done = recording.record(actor, holding, act, Holder(HolderKind.DESTROYED, site.id, site.name))
    registry_session.flush()
    return done


def _close(sample_id: int, act: CustodyAct) -> None:
    """End the loan and the quarantine of the sample: it is nowhere any more."""
    for model in (Loan, Quarantine):
        registry_session.execute(
            sa.update(model)
            .where(model.sample_id == sample_id, model.closed_at.is_(None))
            .values(
                closed_at=sa.case(
                    (model.opened_at > act.happened_at, model.opened_at), else_=act.happened_at
                ),
                closed_by_act_id=act.id,
                version=model.version + 1,
            )
            .execution_options(synchronize_session="fetch")
        )
