"""What a withdrawal would do, before it is recorded; what it did and what is left to do, after."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry.access import Permission, require
from registry.applications.models import Application
from registry.consents.withdrawals import queries as withdrawals
from registry.consents.withdrawals.events import Reach
from registry.consents.withdrawals.followup import queries as followup
from registry.consents.withdrawals.followup.models import (
    RecallNotice,
    WithdrawalLetter,
    WithdrawalRelease,
)
from registry.consents.withdrawals.followup.service import Release
from registry.consents.withdrawals.models import Withdrawal
from registry.consents.withdrawals.policies import Asked
from registry.consents.withdrawals.reach import reach
from registry.custody.destruction import queries as destruction
from registry.custody.destruction.queries import Ordered
from registry.custody.quarantine import queries as quarantine, reaching as held
from registry.custody.quarantine.reaching import Samples
from registry.custody.shipments import stopping as sent
from registry.custody.views import Listed
from registry.extracts.models import Extract, ExtractMember
from registry.extracts.recall import reaching
from registry.extracts.recall.reaching import Reached
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.persistence import registry_session
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import HolderKind, OrderStatus
from registry.vocab.withdrawals import NoticeStatus, OpenStep


@dataclass(frozen=True)
class Foreseen:
    """What would happen if it were recorded now."""

    reach: Reach
    #: What would be put in quarantine; none when what is there may still be used.
    samples: Samples
    recalled: Sequence[Reached]
    releases: Sequence[Release]

    @property
    def destroys(self) -> bool:
        """Whether the samples would be ordered to be destroyed."""
        return WithdrawalEffect.DESTROY_SAMPLES in self.reach.effects

    @property
    def erases(self) -> bool:
        """Whether the data protection officer would be asked to erase the identity."""
        return WithdrawalEffect.ERASE_DATA in self.reach.effects


def foresee(actor: Actor, participant_id: int, asked: Asked) -> Foreseen:
    """What the withdrawal would do, and what it cannot undo.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_WITHDRAW, participant)
    reached = reach(participant_id, asked)
    stops_use = WithdrawalEffect.STOP_USE in reached.effects
    return Foreseen(
        reach=reached,
        samples=held.samples(reached) if stops_use else Samples(),
        recalled=reaching.to_recall(reached),
        releases=[
            *reaching.releases(reached),
            *sent.releases(reached),
            *(held.releases(reached) if stops_use else ()),
        ],
    )


def check_known(projects: Collection[str]) -> None:
    """Refuse the number of a request that does not exist: opposing it would stop nothing.

    :raises InvalidInput: see above; the sentence names it.
    """
    known = registry_session.scalars(
        sa.select(Application.number).where(Application.number.in_(projects))
    )
    unknown = sorted(set(projects) - set(known))
    if unknown:
        raise InvalidInput(
            T(
                "There is no request {numbers}. "
                "Check the number with the participant or in the dossier.",
                numbers=", ".join(unknown),
            ),
            field="projects",
        )


@dataclass(frozen=True)
class Recalled:
    """An extract that was taken back."""

    number: str
    seq: int


@dataclass(frozen=True)
class Followed:
    """A withdrawal with all that came of it."""

    withdrawal: Withdrawal
    #: How many samples were put in quarantine, those at sites of others included.
    quarantined: int
    #: Those of the actor's sites that still are.
    inside: Sequence[Listed]
    orders: Sequence[Ordered]
    recalled: Sequence[Recalled]
    releases: Sequence[WithdrawalRelease]
    notices: Sequence[RecallNotice]
    letter: WithdrawalLetter | None

    @property
    def effects(self) -> frozenset[WithdrawalEffect]:
        """What was asked for or followed from it."""
        return frozenset(choice.effect for choice in self.withdrawal.asked)

    @property
    def to_return(self) -> Sequence[Listed]:
        """The samples that somebody still has."""
        return [one for one in self.inside if one.status is HolderKind.PERSON]

    @property
    def certificates(self) -> Sequence[str]:
        """Of the samples that were destroyed."""
        return sorted({one.certificate for one in self.orders if one.certificate})

    @property
    def open_steps(self) -> Sequence[OpenStep]:
        """What is left to do."""
        erases = WithdrawalEffect.ERASE_DATA in self.effects
        waiting = {
            OpenStep.RETURNS: bool(self.to_return),
            OpenStep.DESTRUCTION: any(one.status is OrderStatus.ORDERED for one in self.orders),
            OpenStep.NOTICES: any(
                one.status is not NoticeStatus.ACKNOWLEDGED for one in self.notices
            ),
            OpenStep.LETTER: self.letter is None,
            OpenStep.ERASURE: erases and self.withdrawal.participant.identity_erased_on is None,
        }
        return [step for step in OpenStep if waiting[step]]


def followed(actor: Actor, withdrawal_id: int) -> Followed:
    """What came of a withdrawal.

    :raises NotFound: there is no such withdrawal at the actor's sites.
    """
    withdrawal = withdrawals.get(actor, withdrawal_id)
    cause = withdrawal.audit_ref
    return Followed(
        withdrawal=withdrawal,
        quarantined=quarantine.total_of_cause(cause),
        inside=quarantine.of_cause(actor, cause),
        orders=destruction.of_cause(actor, cause),
        recalled=_recalled(withdrawal),
        releases=followup.releases(actor, withdrawal_id),
        notices=followup.notices(actor, withdrawal_id),
        letter=followup.letter(actor, withdrawal_id),
    )


def _recalled(withdrawal: Withdrawal) -> Sequence[Recalled]:
    """The extracts that were recalled with it: they bear its moment."""
    rows = registry_session.execute(
        sa.select(Application.number, Extract.seq)
        .join(Extract, Extract.application_id == Application.id)
        .join(ExtractMember, ExtractMember.extract_id == Extract.id)
        .where(
            Extract.recalled_at == withdrawal.recorded_at,
            ExtractMember.participant_id.in_(participants.with_aliases(withdrawal.participant_id)),
        )
        .distinct()
        .order_by(Application.number)
    )
    return [Recalled(*row) for row in rows]
