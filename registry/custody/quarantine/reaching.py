"""What of a participant's samples a withdrawal reaches, and what of them had left before."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry.accounts.models import Site, User
from registry.consents.withdrawals.events import Reach
from registry.consents.withdrawals.followup.service import Release
from registry.custody.models import CustodyAct, Holding, Loan
from registry.kernel import clock
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.custody import CheckoutReason, HolderKind
from registry.vocab.people import SiteKind
from registry.vocab.withdrawals import ReleaseKind

#: The reasons for which a sample leaves the biobank's hands.
_LEAVES = (CheckoutReason.ANALYSIS, CheckoutReason.TRANSFER)


@dataclass(frozen=True)
class Samples:
    """How many samples there are, and how many of them are where."""

    total: int = 0
    #: At another site than the one at which they were taken.
    elsewhere: int = 0
    lent: int = 0


def samples(reach: Reach) -> Samples:
    """What is left of the participant's samples."""
    row = registry_session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(Holding.site_id != Sample.site_id),
            sa.func.count().filter(Holding.kind == HolderKind.PERSON),
        )
        .select_from(Holding)
        .join(Holding.sample)
        .where(Sample.participant_id.in_(reach.everyone), Holding.kind != HolderKind.DESTROYED)
    ).one()
    return Samples(*row)


def releases(reach: Reach) -> Sequence[Release]:
    """What of the participant's samples people took out, or is at another organisation."""
    return sorted([*_lent(reach), *_left(reach)])


def _lent(reach: Reach) -> Sequence[Release]:
    rows = registry_session.execute(
        sa.select(Sample.code, User.name, Loan.opened_at, Loan.closed_at)
        .join(Sample, Sample.id == Loan.sample_id)
        .join(User, User.id == Loan.person_id)
        .where(
            Sample.participant_id.in_(reach.everyone),
            sa.or_(Loan.closed_at.is_(None), Loan.reason.in_(_LEAVES)),
        )
    )
    return [
        Release(
            clock.to_paris(opened_at).date(),
            ReleaseKind.LOAN,
            code,
            name,
            returned_on=None if closed_at is None else clock.to_paris(closed_at).date(),
        )
        for code, name, opened_at, closed_at in rows
    ]


def _left(reach: Reach) -> Sequence[Release]:
    """The samples that are at a partner, from the first act there on."""
    rows = registry_session.execute(
        sa.select(Sample.code, Site.name, sa.func.min(CustodyAct.happened_at))
        .join(Holding, Holding.sample_id == Sample.id)
        .join(Site, Site.id == Holding.site_id)
        .join(
            CustodyAct,
            (CustodyAct.sample_id == Sample.id) & (CustodyAct.site_id == Holding.site_id),
        )
        .where(
            Sample.participant_id.in_(reach.everyone),
            Site.kind == SiteKind.PARTNER,
            Holding.kind != HolderKind.DESTROYED,
        )
        .group_by(Sample.code, Site.name)
    )
    return [
        Release(clock.to_paris(since).date(), ReleaseKind.MATERIAL, code, name)
        for code, name, since in rows
    ]
