"""Using what is in a tube up, and throwing tubes away: quantities leave the registry for good."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.custody import asking, policies, recording
from registry.custody.models import CustodyAct, Holding
from registry.custody.recording import Act, Holder
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants.terms import queries as terms
from registry.persistence import registry_session, transactional
from registry.samples import policies as sample_policies, queries as samples
from registry.samples.ledger import Ledger
from registry.samples.models import Sample
from registry.samples.quantities import written
from registry.samples.refusals import Refusals
from registry.vocab.custody import ActKind, CheckoutReason, DisposalReason, HolderKind
from registry.vocab.samples import LedgerReason
from registry.vocab.terms import Vocabulary

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@transactional
def consume(
    actor: Actor,
    code: str,
    *,
    volume: Decimal,
    reason: CheckoutReason,
    term: str | None = None,
    comment: str | None = None,
    at: datetime | None = None,
) -> Sample:
    """Record that so much of a sample in hand was used, in the sample's unit.

    `term` is a term of the place that refines the reason.

    :raises NotFound: there is no such sample at the actor's sites.
    :raises InvalidInput: the volume is not above 0, or the reason `OTHER` comes
        without a comment, or the term is not offered.
    :raises RuleBroken: less is left, the sample is not in hand, or the
        participant's consent does not allow this use.
    """
    sample = samples.by_scan(actor, code)
    require(actor, Permission.SAMPLE_CHECK_OUT, sample)
    sample_policies.check_quantity(volume, field="volume")
    said = terms.kept(Vocabulary.CHECKOUT_REASON, reason, term)
    policies.check_is_explained(reason, said, comment)
    asking.require_reason(sample, reason)

    holding = recording.lock_holding(actor, sample.code, Permission.SAMPLE_CHECK_OUT)
    happened_at = recording.check(ActKind.CONSUMED, holding, at, field="at")
    ledger = Ledger([sample.id])
    left = ledger.left(sample.id)
    sample_policies.check_enough(sample.code, asked=volume, left=left, unit=sample.unit)
    ledger.enter(sample.id, -volume, LedgerReason.CONSUMED)
    fields = {"volume": written(volume), "unit": sample.unit.value, **said}
    recording.record(
        actor, holding, Act(ActKind.CONSUMED, happened_at, reason.value, comment, fields)
    )
    registry_session.flush()
    ledger.write()
    return holding.sample


@transactional
def dispose(
    actor: Actor,
    codes: Sequence[str],
    *,
    reason: DisposalReason | None = None,
    term: str | None = None,
    comment: str | None = None,
    happened_at: datetime | None = None,
) -> Sequence[Sample]:
    """Throw tubes away, all or none: what is left in them is written off, and nothing follows.

    What a withdrawal wants destroyed goes before a witness instead.  `term` is
    a term of the place that refines the reason.  Tubes of which all was used go
    as empty when no reason is given.

    :raises InvalidInput: the reason `OTHER` comes without a comment, there is no reason and
        something is left in a tube, the term is not offered, or some cannot be thrown away;
        each is named under ``codes``.
    """
    require(actor, Permission.SAMPLE_DISPOSE)
    said: dict[str, Any] = {}
    if reason is not None:
        said = terms.kept(Vocabulary.DISPOSAL_REASON, reason, term)
        policies.check_is_explained(reason, said, comment)
    scanned = recording.read_codes(codes, field="codes")
    holdings = recording.lock_holdings(actor, scanned)
    refusals = Refusals("codes")
    moments: dict[str, datetime] = {}
    for code in scanned:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_DISPOSE)
            moments[code] = recording.check(ActKind.DISPOSED, holding, happened_at, field="codes")
            if reason is None and holding.sample.remaining:
                raise InvalidInput(T("{code} is not empty: choose a reason.", code=code))
    refusals.raise_if_any()
    going = [(holdings[code], moments[code]) for code in scanned]
    throw_away(actor, going, reason=reason or DisposalReason.EMPTY, comment=comment, said=said)
    return [holdings[code].sample for code in scanned]


def throw_away(
    actor: Actor,
    going: Sequence[tuple[Holding, datetime]],
    *,
    reason: DisposalReason,
    comment: str | None,
    said: Mapping[str, Any] = _NOTHING,
) -> Sequence[CustodyAct]:
    """Record that tubes, whose holdings are locked and may go, went at these moments.

    `said` is the term of the place that refines the reason, as fields of the acts.
    """
    ledger = Ledger([holding.sample_id for holding, _ in going])
    gone = [_write_off(ledger, holding) for holding, _ in going]
    # A tube that is nowhere has no ledger any more: it is closed first.
    ledger.write()
    done = [
        recording.record(
            actor,
            holding,
            Act(ActKind.DISPOSED, moment, reason.value, comment, {**fields, **said}),
            _nowhere(holding),
        )
        for (holding, moment), fields in zip(going, gone, strict=True)
    ]
    registry_session.flush()
    return done


def _write_off(ledger: Ledger, holding: Holding) -> dict[str, str]:
    """What is thrown away with the tube, as fields of the act; nothing of an empty one."""
    left = ledger.left(holding.sample_id)
    if not left:
        return {}
    ledger.enter(holding.sample_id, -left, LedgerReason.LOST)
    return {"volume": written(left), "unit": holding.sample.unit.value}


def _nowhere(holding: Holding) -> Holder:
    site = registry_session.get_one(Site, holding.site_id)
    return Holder(HolderKind.DESTROYED, site.id, site.name)


def used_since(holding: Holding, remaining: Decimal | None) -> dict[str, str]:
    """Enter what was used of a sample that comes back with `remaining` in it.

    Gives it as fields of the act; nothing when it was not measured.

    :raises InvalidInput: more came back than had left.
    """
    if remaining is None:
        return {}
    sample = holding.sample
    ledger = Ledger([sample.id])
    used = ledger.left(sample.id) - remaining
    if used < 0:
        raise InvalidInput(T("No more can come back than was there."), field="remaining")
    if not used:
        return {}
    ledger.enter(sample.id, -used, LedgerReason.CONSUMED)
    ledger.write()
    return {policies.USED: written(used), "unit": sample.unit.value}
