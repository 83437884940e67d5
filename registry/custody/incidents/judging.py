"""What a verdict does to samples: out of quarantine, or away."""

from collections.abc import Collection, Sequence

from registry.consents import decision
from registry.custody import policies
from registry.custody.destruction import ordering
from registry.custody.incidents import queries
from registry.custody.models import Holding
from registry.custody.quarantine import closing
from registry.custody.spending import throw_away
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.samples.refusals import Refusals
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, DisposalReason, HolderKind
from registry.vocab.incidents import Verdict


def may_be_kept(participant_ids: Collection[int]) -> frozenset[int]:
    """Those of the participants whose consent allows storing their samples today.

    They are kept from other writers, before their samples are.
    """
    allowed = set()
    for participant_id in sorted(participant_ids):
        try:
            decision.require_allowed(participant_id, Use.STORE, on=clock.today())
        except RuleBroken:
            continue
        allowed.add(participant_id)
    return frozenset(allowed)


def follow(
    actor: Actor,
    holdings: Sequence[Holding],
    verdict: Verdict,
    reason: str,
    kept: frozenset[int],
) -> Sequence[str]:
    """Do what the verdict says of samples whose holdings are locked; the codes it is done to.

    `kept` are the participants whose consent allows storing samples.  A sample
    that something else keeps in quarantine stays there; one that is no more
    stays gone.

    :raises InvalidInput: some cannot be thrown away; each is named under ``codes``.
    """
    there = [one for one in holdings if one.kind is not HolderKind.DESTROYED]
    if verdict is Verdict.UNFIT:
        _discard(actor, there, reason, kept)
        return [one.sample.code for one in there]
    elsewhere = queries.waiting_among([one.sample_id for one in there])
    leaving = [
        one
        for one in there
        if one.sample_id not in elsewhere
        and one.sample.participant_id in kept
        and ordering.locked(one.sample_id) is None
    ]
    for one in leaving:
        closing.release(actor, one, reason)
    return [one.sample.code for one in leaving]


def _discard(actor: Actor, holdings: Sequence[Holding], reason: str, kept: frozenset[int]) -> None:
    """Throw samples away, which ends their quarantine.

    What a withdrawal keeps there is destroyed before a witness instead.
    """
    refusals = Refusals("codes")
    for one in holdings:
        code = one.sample.code
        with refusals.gathered(code):
            policies.check_allowed(ActKind.DISPOSED, one)
            if one.sample.participant_id not in kept or ordering.locked(one.sample_id):
                raise RuleBroken(
                    T(
                        "{code} is kept by a withdrawal: it is destroyed before a witness, "
                        "not thrown away.",
                        code=code,
                    )
                )
    refusals.raise_if_any()
    now = clock.now()
    acts = throw_away(
        actor, [(one, now) for one in holdings], reason=DisposalReason.UNFIT, comment=reason
    )
    for act in acts:
        closing.close(act.sample_id, act)
