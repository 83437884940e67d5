"""Opposing from home: it holds at once; what cannot be undone waits for the staff.

Stopping too early hurts nobody, so an opposition is a withdrawal from the
moment it is sent.  To have samples destroyed or the identity erased is taken
down as a wish, and done when somebody of the staff has confirmed it: whoever
found both letters must not be able to destroy anything.
"""

from collections.abc import Collection

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.links import state_of
from registry.consents.withdrawals import service as withdrawals
from registry.consents.withdrawals.models import Withdrawal
from registry.dossiers import policies, queries
from registry.dossiers.models import DossierLink, Opposition
from registry.dossiers.queries import Opposable
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, TooManyAttempts, Unauthenticated
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.service import survivor
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Channel, Use, WithdrawalEffect, WithdrawalScope
from registry.vocab.dossiers import LinkState, OppositionAct, OppositionState

#: What the staff confirms first.
IRREVOCABLE = frozenset({WithdrawalEffect.DESTROY_SAMPLES, WithdrawalEffect.ERASE_DATA})


@transactional
def oppose(
    actor: Actor,
    link_id: int,
    *,
    scope: WithdrawalScope,
    uses: Collection[Use] = (),
    items: Collection[str] = (),
    projects: Collection[str] = (),
    effects: Collection[WithdrawalEffect] = (),
    reason: str | None = None,
) -> Opposition:
    """Stop what the participant opposes, now, and have the staff see it.

    :raises Unauthenticated: the link is over.
    :raises TooManyAttempts: more was sent by this link than anybody needs to.
    :raises InvalidInput: nothing is named.
    """
    link = lock_row(DossierLink, link_id)
    participant = survivor(link.participant)
    require(actor, Permission.CONSENT_WITHDRAW, participant)
    if state_of(link) is not LinkState.OPEN:
        raise Unauthenticated(T("This link has ended. Ask for a new one."))
    _check_number(link)
    _check_own(queries.opposable(actor, participant), items, projects)
    wanted = frozenset(effects)
    withdrawal = withdrawals.withdraw(
        actor,
        participant.id,
        scope=scope,
        channel=Channel.ONLINE,
        uses=uses,
        items=items,
        projects=projects,
        effects=_at_once(scope, wanted),
        reason=reason,
    )
    opposition = _waiting(link, withdrawal, wanted)
    audit.record(
        actor,
        AuditTag.OPPOSITION_MADE,
        participant,
        opposition=opposition.id,
        withdrawal=withdrawal.id,
        wanted=sorted(wanted),
    )
    return opposition


def _waiting(
    link: DossierLink, withdrawal: Withdrawal, wanted: frozenset[WithdrawalEffect]
) -> Opposition:
    """What the staff has to deal with."""
    opposition = Opposition(
        withdrawal=withdrawal,
        participant=withdrawal.participant,
        link_id=link.id,
        wants_destruction=WithdrawalEffect.DESTROY_SAMPLES in wanted,
        wants_erasure=WithdrawalEffect.ERASE_DATA in wanted,
        asked_at=clock.now(),
        state=OppositionState.WAITING,
    )
    registry_session.add(opposition)
    registry_session.flush()
    return opposition


def _at_once(
    scope: WithdrawalScope, wanted: frozenset[WithdrawalEffect]
) -> frozenset[WithdrawalEffect]:
    """What is done before anybody confirms: whoever wants samples destroyed wants them unused."""
    if scope is WithdrawalScope.PROJECTS and wanted:
        # The withdrawal itself refuses this, in words.
        return wanted
    kept = wanted - IRREVOCABLE
    return kept | {WithdrawalEffect.STOP_USE} if wanted & IRREVOCABLE else kept


def _check_own(known: Opposable, items: Collection[str], projects: Collection[str]) -> None:
    """Only what concerns the participant can be singled out.

    :raises InvalidInput: something else is named.
    """
    for name, chosen, own in (
        ("items", items, known.items),
        ("projects", projects, known.projects),
    ):
        if not set(chosen) <= set(own):
            raise InvalidInput(T("Choose one of the values offered."), field=name)


def _check_number(link: DossierLink) -> None:
    sent = registry_session.scalar(
        sa.select(sa.func.count()).select_from(Opposition).where(Opposition.link_id == link.id)
    )
    if (sent or 0) >= limits.LINK_OPPOSITIONS_MAX:
        raise TooManyAttempts(T("Too much was sent by this link. Call the team of your site."))


@transactional
def handle(
    actor: Actor, opposition_id: int, *, act: OppositionAct, answer: str | None = None
) -> Opposition:
    """Confirm an opposition, and with it what cannot be undone, or answer it otherwise.

    What was stopped stays stopped whatever the answer: only a new consent lifts it.

    :raises RuleBroken: somebody has dealt with it already.
    :raises InvalidInput: it is answered otherwise without a word why.
    """
    opposition = lock_row(Opposition, opposition_id)
    participant = survivor(opposition.participant)
    require(actor, Permission.OPPOSITION_HANDLE, participant)
    state = policies.next_state(opposition, act)
    if act is OppositionAct.ANSWER and not answer:
        raise InvalidInput(T("Say why, in words for the participant."), field="answer")
    if act is OppositionAct.CONFIRM:
        opposition.completed_by_id = _complete(actor, opposition, participant)
    opposition.state = state
    opposition.handled_at = clock.now()
    opposition.handled_by_id = actor.id
    opposition.answer = answer
    audit.record(
        actor,
        AuditTag.OPPOSITION_HANDLED,
        participant,
        opposition=opposition.id,
        act=act,
        withdrawal=opposition.completed_by_id,
    )
    return opposition


def _complete(actor: Actor, opposition: Opposition, participant: Participant) -> int | None:
    """Record what waited for the confirmation, as of the day on which it was asked."""
    wanted = {
        effect
        for effect, is_wanted in (
            (WithdrawalEffect.DESTROY_SAMPLES, opposition.wants_destruction),
            (WithdrawalEffect.ERASE_DATA, opposition.wants_erasure),
        )
        if is_wanted
    }
    if not wanted:
        return None
    first: Withdrawal = opposition.withdrawal
    return withdrawals.withdraw(
        actor,
        participant.id,
        scope=first.scope,
        channel=Channel.ONLINE,
        uses=[covered.use for covered in first.covers],
        items=[item.item_code for item in first.items],
        effects=wanted,
        effective_on=first.effective_on,
    ).id
