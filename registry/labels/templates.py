"""The label templates: which version is printed, the earlier ones, and writing the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import User
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, Stale
from registry.kernel.messages import T
from registry.labels import design as designing
from registry.labels.design import Design
from registry.labels.models import LabelTemplate
from registry.persistence import registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.audit import AuditTag
from registry.vocab.printing import LabelPurpose


@dataclass(frozen=True)
class Version:
    """One version of a template; 0 is the starter template, made by nobody."""

    number: int
    design: Design
    made_at: datetime | None = None
    made_by: str = ""


def designs() -> Mapping[LabelPurpose, Design]:
    """What is printed now for each purpose."""
    newest = sa.select(sa.func.max(LabelTemplate.id)).group_by(LabelTemplate.purpose)
    rows = registry_session.execute(
        sa.select(LabelTemplate.purpose, LabelTemplate.design).where(LabelTemplate.id.in_(newest))
    )
    return {**designing.STARTERS, **{row.purpose: Design.of_json(row.design) for row in rows}}


def versions(purpose: LabelPurpose) -> Sequence[Version]:
    """Every version of one template, the newest first, the starter template last."""
    rows = registry_session.execute(
        sa.select(LabelTemplate, User.name)
        .outerjoin(User, User.id == LabelTemplate.made_by_id)
        .where(LabelTemplate.purpose == purpose)
        .order_by(LabelTemplate.number.desc())
    )
    return [
        *(
            Version(row.number, Design.of_json(row.design), row.made_at, name or "")
            for row, name in rows
        ),
        Version(0, designing.STARTERS[purpose]),
    ]


def version(purpose: LabelPurpose, number: int | None = None) -> Version:
    """One version of a template, the newest when none is named.

    :raises NotFound: there is no such version.
    """
    for one in versions(purpose):
        if number is None or one.number == number:
            return one
    raise NotFound(T("There is no such version of this template."))


@transactional
def write(actor: Actor, purpose: LabelPurpose, design: Design, *, after: int) -> int:
    """Have labels of this purpose look so from now on; the number of the new version.

    `after` is the version that the writer saw as the newest.

    :raises InvalidInput: the label could not be printed or read.
    :raises Stale: somebody else wrote a version in the meantime.
    """
    require(actor, Permission.LABEL_TEMPLATE_EDIT)
    designing.check(purpose, design)
    advisory_lock(f"label_template:{purpose}")
    newest = version(purpose).number
    if newest != after:
        raise Stale(T("Somebody else changed this in the meantime. Look at it again, then retry."))
    made = LabelTemplate(
        purpose=purpose,
        number=newest + 1,
        design=design.as_json(),
        made_at=clock.now(),
        made_by_id=actor.id,
    )
    registry_session.add(made)
    registry_session.flush()
    audit.record(actor, AuditTag.LABEL_TEMPLATE_WRITTEN, made, lines=len(design.lines))
    return made.number
