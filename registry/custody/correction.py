"""Putting acts right by others that name them: one with a reason, or at once what was just done."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody import courses, lending, policies, recording
from registry.custody.cells import check_free
from registry.custody.models import CustodyAct, Holding
from registry.custody.picking import reopening
from registry.custody.recording import Act
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab import limits
from registry.vocab.custody import ActKind

#: Nothing that is recorded at once takes longer.
_LONGEST_WORK = timedelta(hours=1)


class _Wrong(NamedTuple):
    """An act to be undone, with its sample's code and whose the sample is."""

    act: CustodyAct
    code: str
    participant_id: int


@transactional
def correct(actor: Actor, act_id: int, *, reason: str) -> CustodyAct:
    """Undo the last act on a sample: it is held again as it was before.  The act itself stays.

    :raises NotFound: there is no such act at the actor's sites.
    :raises RuleBroken: it is not the sample's last act, it was corrected
        already, acts of its kind cannot be undone, the cell in which the
        sample was is taken by now, or the person who would have it back may
        no longer use it.
    :raises InvalidInput: the reason is too short.
    """
    require(actor, Permission.CUSTODY_CORRECT)
    policies.check_reason(reason)
    found = _visible(actor, CustodyAct.id == act_id)
    if not found:
        raise NotFound(T("There is no such act at your sites."))
    [done] = _put_right(actor, found, reason.strip())
    return done


@transactional
def undo_latest(actor: Actor) -> Sequence[str]:
    """Undo what the actor did last, if that was less than a minute ago; gives the samples' codes.

    What was done to several samples at once is undone for all of them, or not at all.

    :raises RuleBroken: nothing was done in time, it was undone already, or an
        act cannot be undone: as `correct` says.
    """
    require(actor, Permission.CUSTODY_CORRECT)
    since = clock.now() - timedelta(seconds=limits.UNDO_SECONDS)
    last = registry_session.scalar(
        sa.select(CustodyAct)
        .where(CustodyAct.actor_id == actor.id, CustodyAct.recorded_at >= since)
        .order_by(CustodyAct.recorded_at.desc(), CustodyAct.id.desc())
        .limit(1)
    )
    if last is None:
        raise RuleBroken(
            T(
                "You recorded nothing in the last {seconds} seconds: "
                "undo an older act on the tube’s page, with a reason.",
                seconds=limits.UNDO_SECONDS,
            ),
            field="code",
        )
    if last.kind is ActKind.CORRECTED:
        raise RuleBroken(T("What you did last is undone already."), field="code")
    found = _visible(actor, *_together(last))
    _put_right(actor, found, None)
    return list(dict.fromkeys(wrong.code for wrong in found))


def _together(last: CustodyAct) -> Sequence[sa.ColumnElement[bool]]:
    """What finds the acts that were recorded at once with the person's last one."""
    if last.batch is None:
        return [CustodyAct.id == last.id]
    return [
        CustodyAct.actor_id == last.actor_id,
        CustodyAct.recorded_at >= last.recorded_at - _LONGEST_WORK,
        CustodyAct.batch == last.batch,
    ]


def _visible(actor: Actor, *which: sa.ColumnElement[bool]) -> Sequence[_Wrong]:
    """The acts, each with its sample, in the order in which samples are locked."""
    query = (
        sa.select(CustodyAct, Sample.code, Sample.participant_id)
        .join(Sample, Sample.id == CustodyAct.sample_id)
        .where(*which)
        .order_by(Sample.id, CustodyAct.seq.desc())
    )
    return [_Wrong(*row) for row in registry_session.execute(samples.visible(actor, query))]


def _put_right(actor: Actor, found: Sequence[_Wrong], reason: str | None) -> Sequence[CustodyAct]:
    """Undo these acts; what others wait for is locked in everybody's order.

    :raises RuleBroken: one cannot be undone.
    :raises InvalidInput: some of several cannot; each is named under ``code``.
    """
    lent_again = [one for one in found if one.act.kind is ActKind.RETURNED]
    for one in sorted(lent_again, key=lambda one: one.participant_id):
        lending.check_may_have_again(one.act)
    lines = reopening.lock([one.act for one in found if one.act.kind is ActKind.CHECKED_OUT])
    holdings = recording.lock_holdings(actor, {one.code for one in found})
    refusals = Refusals("code")
    done = []
    for one in found:
        with refusals.gathered(one.code) if len(found) > 1 else nullcontext():
            holding = recording.found_among(actor, holdings, one.code, Permission.CUSTODY_CORRECT)
            correction = _correct(actor, one.act, holding, reason)
            lending.follow(one.act, correction)
            done.append(correction)
    refusals.raise_if_any()
    reopening.wait_again(actor, lines)
    return done


def _correct(actor: Actor, wrong: CustodyAct, holding: Holding, reason: str | None) -> CustodyAct:
    standing = _standing(holding.sample_id)
    policies.check_correctable(wrong, standing)
    before = recording.holder_of(standing[-2])
    if before.box_id is not None and before.cell != recording.holder_of(holding).cell:
        check_free(actor, before)
    correction = Act(
        ActKind.CORRECTED,
        clock.now(),
        comment=reason,
        fields={"corrected": wrong.kind.value, "corrected_seq": wrong.seq},
        corrects_id=wrong.id,
    )
    done = recording.record(actor, holding, correction, before, since=_since(standing[:-1]))
    registry_session.flush()
    holding.wear = courses.of([holding.sample_id])[holding.sample_id].wear
    return done


def _standing(sample_id: int) -> Sequence[CustodyAct]:
    """The sample's acts that hold: neither corrections nor corrected."""
    acts = registry_session.scalars(
        sa.select(CustodyAct).where(CustodyAct.sample_id == sample_id).order_by(CustodyAct.seq)
    ).all()
    corrected = {act.corrects_id for act in acts}
    return [act for act in acts if act.corrects_id is None and act.id not in corrected]


def _since(standing: Sequence[CustodyAct]) -> datetime:
    """When the holder to which these acts led got the sample."""
    return next(
        act.happened_at
        for act in reversed(standing)
        if act.kind in policies.LEADS_TO or act is standing[0]
    )
