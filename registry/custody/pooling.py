"""Pooling: several samples of one participant into one new tube."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.consents import decision
from registry.custody import recording
from registry.custody.aliquoting import check_is_free
from registry.custody.models import Holding
from registry.custody.recording import Act, Holder
from registry.custody.wear import passed_on
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.terms import kinds
from registry.persistence import registry_session, transactional
from registry.samples import policies, service
from registry.samples.ledger import Ledger
from registry.samples.models import Sample
from registry.samples.pooled import same
from registry.samples.quantities import written
from registry.samples.refusals import Refusals
from registry.samples.service import Contents, Origin
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.samples import ContainerType, LedgerReason, Unit

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Poured:
    """How much is poured together; without a `volume` each tube gives all that is left in it."""

    container_type: ContainerType
    volume: Decimal | None = None
    unit: Unit | None = None
    loss: Decimal = _NOTHING
    #: The code of the term of the place that refines the container.
    container_term: str | None = None


@dataclass(frozen=True)
class _Share:
    """What one tube gives: in its own unit, and in the pool's."""

    holding: Holding
    happened_at: datetime
    given: Decimal
    received: Decimal


@transactional
def pool(
    actor: Actor,
    scanned: Sequence[str],
    poured: Poured,
    *,
    at: datetime | None = None,
    code: str | None = None,
    comment: str | None = None,
) -> Sample:
    """Pour `scanned` together into a new tube, which gets one of our codes without a `code`.

    Each gives the same `volume`, converted to its own unit, or all that is left
    in it; what the pool begins with is their sum less the `loss`.  The tubes
    stay where they are, the pool is on the bench of their site.  It begins with
    the thaws of the one that was thawed the most, and counts as collected when
    the first of them was.

    :raises NotPermitted: the actor may not divide samples at their site.
    :raises RuleBroken: the participant's consent does not allow it.
    :raises InvalidInput: they are not of one participant, one type and one
        site, one of them cannot give that much or may not be used, the code is
        taken, or the time cannot be; each tube is named.
    """
    require(actor, Permission.SAMPLE_ALIQUOT)
    codes = recording.read_codes(scanned, field="codes")
    if len(codes) < 2:
        raise InvalidInput(
            T("Scan two tubes at least: one alone is divided, not pooled."), field="codes"
        )
    for quantity, field in ((poured.volume, "volume"), (poured.loss or None, "loss")):
        if quantity is not None:
            policies.check_quantity(quantity, field=field)
    first = _check_alike(actor, codes)
    decision.require_allowed(first.participant_id, Use.STORE, on=clock.today())
    holdings = recording.lock_holdings(actor, codes)
    ledger = Ledger([holding.sample_id for holding in holdings.values()])
    unit = poured.unit or first.unit
    refusals = Refusals("codes")
    shares: list[_Share] = []
    for one in codes:
        with refusals.gathered(one):
            holding = recording.found_among(actor, holdings, one, Permission.SAMPLE_ALIQUOT)
            shares.append(_share(holding, poured.volume, unit, ledger, at))
    refusals.raise_if_any()
    return _pour(_Pouring(actor, shares, unit, poured, ledger, comment), code)


def _check_alike(actor: Actor, codes: Sequence[str]) -> Sample:
    """Refuse what does not go into one tube; the first of them.

    A merge of two participants can be undone and a pool cannot, so that tubes
    of both stay apart.

    :raises InvalidInput: they are of several participants, types or sites, or
        some are not at the actor's sites; each is named.
    """
    holdings = recording.look_at_holdings(actor, codes)
    refusals = Refusals("codes")
    first: Holding | None = None
    for code in codes:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_ALIQUOT)
            first = first or holding
            policies.check_can_be_pooled(holding.sample, first.sample)
            if holding.site_id != first.site_id:
                raise RuleBroken(
                    T(
                        "{code} is at another site than {first}: bring it there first.",
                        code=code,
                        first=first.sample.code,
                    )
                )
    refusals.raise_if_any()
    return holdings[codes[0]].sample


def _share(
    holding: Holding, volume: Decimal | None, unit: Unit, ledger: Ledger, at: datetime | None
) -> _Share:
    """What the tube, whose holding is locked, gives.

    :raises RuleBroken: it may not be used, or has not so much.
    :raises InvalidInput: the units do not convert, or the time cannot be.
    """
    sample, left = holding.sample, ledger.left(holding.sample_id)
    happened_at = recording.check(ActKind.POOLED, holding, at, field="at")
    check_is_free(holding)
    if left == 0:
        raise RuleBroken(T("Nothing is left in {code}.", code=sample.code))
    if volume is None:
        return _Share(holding, happened_at, left, policies.convert(left, sample.unit, unit))
    given = policies.convert(volume, unit, sample.unit)
    policies.check_enough(sample.code, asked=given, left=left, unit=sample.unit)
    return _Share(holding, happened_at, given, volume)


@dataclass(frozen=True)
class _Pouring:
    """What the steps of one pooling have in common."""

    actor: Actor
    shares: Sequence[_Share]
    unit: Unit
    poured: Poured
    ledger: Ledger
    comment: str | None


def _pour(pouring: _Pouring, code: str | None) -> Sample:
    """Fill the pool from the shares, and say in each chain what came of it."""
    actor, shares, poured = pouring.actor, pouring.shares, pouring.poured
    total = sum((share.received for share in shares), start=-poured.loss)
    if total <= 0:
        raise InvalidInput(T("More is lost than was poured together."), field="loss")
    tubes = [share.holding.sample for share in shares]
    [made] = service.add(
        Origin(
            tubes[0].participant_id,
            tubes[0].site_id,
            min(tube.collected_at for tube in tubes),
            same([tube.visit_id for tube in tubes]),
        ),
        [(code, _contents(tubes, poured, pouring.unit))],
        field="code",
    )
    ledger = pouring.ledger
    for share in shares:
        ledger.enter(share.holding.sample_id, -share.given, LedgerReason.DRAWN_FOR_CHILD, made.id)
        ledger.enter(
            made.id, share.received, LedgerReason.RECEIVED_FROM_PARENT, share.holding.sample_id
        )
    if poured.loss:
        ledger.enter(made.id, -poured.loss, LedgerReason.LOST)
    _begin(pouring, made, total)
    for share in shares:
        recording.record(actor, share.holding, _gave(share, made, pouring.comment))
    ledger.write()
    return made


def _contents(tubes: Sequence[Sample], poured: Poured, unit: Unit) -> Contents:
    """What the pool is, called as all of the tubes are if they are called the same."""
    sample_type, container_type = tubes[0].sample_type, poured.container_type
    called = same([tube.type_term for tube in tubes])
    terms = kinds.kept(sample_type, called, container_type, poured.container_term)
    return Contents(sample_type, container_type, unit, None, **terms)


def _begin(pouring: _Pouring, made: Sample, total: Decimal) -> None:
    """The first act on the pool: on the bench of the site of what it was made of."""
    holdings = [share.holding for share in pouring.shares]
    site = registry_session.get_one(Site, holdings[0].site_id)
    fields = {
        "parents": [holding.sample.code for holding in holdings],
        "volume": written(total),
        "unit": pouring.unit.value,
        "loss": written(pouring.poured.loss),
    }
    at = max(share.happened_at for share in pouring.shares)
    recording.begin(
        pouring.actor,
        made,
        Act(ActKind.POOLED, at, comment=pouring.comment, fields=fields),
        Holder(HolderKind.BENCH, site.id, site.name),
        AuditTag.SAMPLE_MADE,
        inherited=passed_on([holding.wear for holding in holdings]),
    )


def _gave(share: _Share, made: Sample, comment: str | None) -> Act:
    """What the chain of a tube says of what it gave."""
    fields = {
        "type": made.sample_type.value,
        "volumes": [written(share.given)],
        "unit": share.holding.sample.unit.value,
        "loss": written(_NOTHING),
        "children": [made.code],
    }
    return Act(ActKind.POOLED, share.happened_at, comment=comment, fields=fields)
