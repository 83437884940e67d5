"""Putting an act right by another that names it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody import policies, recording
from registry.custody.cells import check_free
from registry.custody.models import CustodyAct
from registry.custody.recording import Act
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.vocab.custody import ActKind


@transactional
def correct(actor: Actor, act_id: int, *, reason: str) -> CustodyAct:
    """Undo the last act on a sample: it is held again as it was before.  The act itself stays.

    :raises NotFound: there is no such act at the actor's sites.
    :raises RuleBroken: it is not the sample's last act, it was corrected
        already, acts of its kind cannot be undone, or the cell in which the
        sample was is taken by now.
    :raises InvalidInput: the reason is too short.
    """
    require(actor, Permission.CUSTODY_CORRECT)
    policies.check_reason(reason)
    wrong, code = _find(actor, act_id)
    holding = recording.lock_holding(actor, code, Permission.CUSTODY_CORRECT)
    standing = _standing(holding.sample_id)
    policies.check_correctable(wrong, standing)

    before = recording.holder_of(standing[-2])
    if before.box_id is not None and before != recording.holder_of(holding):
        check_free(before)
    correction = Act(
        ActKind.CORRECTED,
        clock.now(),
        comment=reason.strip(),
        fields={"corrected": wrong.kind.value, "corrected_seq": wrong.seq},
        corrects_id=wrong.id,
    )
    done = recording.record(actor, holding, correction, before, since=_since(standing[:-1]))
    registry_session.flush()
    return done


def _find(actor: Actor, act_id: int) -> tuple[CustodyAct, str]:
    """The act and the code of its sample."""
    query = sa.select(CustodyAct, Sample.code).join(Sample, Sample.id == CustodyAct.sample_id)
    found = registry_session.execute(
        samples.visible(actor, query.where(CustodyAct.id == act_id))
    ).one_or_none()
    if found is None:
        raise NotFound(T("There is no such act at your sites."))
    return found[0], found[1]


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
