"""The states of an order to destroy a sample, and who may sign for it.

``docs/states/destruction.md`` is drawn from the table below.
"""

from datetime import datetime

from registry.access import Permission, allows
from registry.custody.destruction.models import DestructionOrder
from registry.custody.models import Holding
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.samples.models import Sample
from registry.vocab.custody import OrderAct, OrderStatus
from registry.vocab.labels import label

#: Every transition there is; what is not here cannot happen.
TRANSITIONS: dict[OrderStatus, dict[OrderAct, OrderStatus]] = {
    OrderStatus.ORDERED: {
        OrderAct.CARRY_OUT: OrderStatus.DONE,
        OrderAct.CANCEL: OrderStatus.CANCELLED,
    },
    OrderStatus.DONE: {},
    OrderStatus.CANCELLED: {},
}


def move(order: DestructionOrder, act: OrderAct, at: datetime) -> None:
    """Bring the order, whose row is locked, to where `act` leads.

    :raises RuleBroken: it leads nowhere from where it stands.
    """
    status = TRANSITIONS[order.status].get(act)
    if status is None:
        raise RuleBroken(
            T(
                "The order to destroy {code} is closed: {status}.",
                code=order.sample.code,
                status=label(order.status),
            )
        )
    order.status = status
    order.closed_at = at


def check_ordered(order: DestructionOrder | None, holding: Holding) -> DestructionOrder:
    """The order by which the sample may be destroyed.

    :raises RuleBroken: nobody has ordered it.
    """
    if order is None:
        raise RuleBroken(
            T("Nobody has ordered {code} to be destroyed.", code=holding.sample.code), field="codes"
        )
    return order


def check_people(operator: Actor, witness: Actor) -> tuple[int, int]:
    """Who destroys and who bears witness: two people, each with an account.

    :raises InvalidInput: it is one and the same.
    :raises RuleBroken: one of them is no person.
    """
    if operator.id is None or witness.id is None:
        raise RuleBroken(T("People destroy samples: sign in with an account of your own."))
    if operator.id == witness.id:
        raise InvalidInput(
            T("Somebody else bears witness: nobody does to their own act."), field="witness"
        )
    return operator.id, witness.id


def check_may_witness(witness: Actor, sample: Sample) -> None:
    """Refuse a second person who has nothing to do with the sample's site.

    :raises RuleBroken: the witness may not bear witness there.
    """
    if not allows(witness, Permission.DESTRUCTION_WITNESS, sample):
        raise RuleBroken(
            T("{name} may not bear witness at the site of this sample.", name=witness.name),
            field="codes",
        )
