"""What may not be done with a sample in quarantine: nothing is made of it and nobody takes it.

It may be put in its place, come back from whoever has it, and be destroyed.
"""

from collections.abc import Collection

import sqlalchemy as sa

from registry.custody.quarantine.models import Quarantine
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import registry_session
from registry.vocab.custody import ActKind

#: The acts by which a sample is used.
BARRED = frozenset(
    {
        ActKind.ALIQUOTED,
        ActKind.DERIVED,
        ActKind.POOLED,
        ActKind.THAWED,
        ActKind.CHECKED_OUT,
        ActKind.CONSUMED,
        ActKind.SHIPPED,
        ActKind.DISPOSED,
    }
)

_REFUSAL = T("{code} is in quarantine: it may be put in its place, but not used.")


def refusal(code: str) -> Message:
    """Why what uses the sample cannot be done."""
    return Message(_REFUSAL.msgid, {"code": code})


def check_not_barred(sample_id: int, code: str) -> None:
    """Refuse to use a sample in quarantine, whose holding is locked.

    :raises RuleBroken: it is in quarantine.
    """
    if is_open(sample_id):
        raise RuleBroken(refusal(code), field="code")


def is_open(sample_id: int) -> bool:
    """Whether the sample is in quarantine."""
    return bool(opened_among([sample_id]))


def opened_among(sample_ids: Collection[int]) -> frozenset[int]:
    """Those of the samples that are in quarantine."""
    return frozenset(
        registry_session.scalars(
            sa.select(Quarantine.sample_id).where(
                Quarantine.sample_id.in_(sample_ids), Quarantine.closed_at.is_(None)
            )
        )
    )
