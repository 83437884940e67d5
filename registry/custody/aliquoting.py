"""Dividing a sample."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.consents import decision
from registry.custody import recording
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.recording import Act, Holder
from registry.custody.wear import passed_on
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.terms import kinds
from registry.participants.terms.kinds import TYPE_TERM, Chosen, Names
from registry.persistence import registry_session, transactional
from registry.samples import policies, queries as samples, service
from registry.samples.ledger import Ledger
from registry.samples.models import Sample
from registry.samples.quantities import written
from registry.samples.service import Contents, Origin
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import ContainerType, LedgerReason, SampleType, Unit


@dataclass(frozen=True)
class Child:
    """A container filled from a parent; without a code it gets one of ours."""

    volume: Decimal
    code: str | None = None


@dataclass(frozen=True)
class Asked:
    """What is to be filled from the parent."""

    sample_type: SampleType
    container_type: ContainerType
    unit: Unit
    children: tuple[Child, ...]
    loss: Decimal
    type_term: Names | None = None
    container_term: Names | None = None

    @property
    def total(self) -> Decimal:
        """All that leaves the parent."""
        return sum((child.volume for child in self.children), start=self.loss)

    def in_unit(self, unit: Unit) -> "Asked":
        """The same in another unit of its dimension.

        :raises InvalidInput: a quantity cannot be written in it exactly.
        """
        if unit is self.unit:
            return self
        children = tuple(
            replace(child, volume=policies.convert(child.volume, self.unit, unit, field="children"))
            for child in self.children
        )
        loss = self.loss and policies.convert(self.loss, self.unit, unit, field="loss")
        return replace(self, unit=unit, children=children, loss=loss)

    def as_fields(self) -> dict[str, Any]:
        """What the parent's act says of it."""
        named = {} if self.type_term is None else {TYPE_TERM: dict(self.type_term)}
        return {
            **named,
            "type": self.sample_type.value,
            "volumes": [written(child.volume) for child in self.children],
            "unit": self.unit.value,
            "loss": written(self.loss),
        }


@transactional
def aliquot(  # noqa: PLR0913 - each is one fact about the act
    actor: Actor,
    parent_code: str,
    *,
    children: Sequence[Child],
    sample_type: SampleType,
    container_type: ContainerType,
    at: datetime,
    client_key: str | None = None,
    loss: Decimal = Decimal(0),
    unit: Unit | None = None,
    comment: str | None = None,
    type_term: Chosen | None = None,
    container_term: Chosen | None = None,
) -> Sequence[Sample]:
    """Fill `children` from a sample, which gives exactly their sum and the declared `loss`.

    The parent stays where it is; the children are on the bench of its site.
    With the parent's own type they are aliquots, with another derivatives.
    They are called by terms of the place when these are given.
    Quantities in another `unit` than the parent's are converted to it.  Asked
    again with the same `client_key`, it gives the same children and does nothing.

    :raises NotFound: there is no such sample at the actor's sites.
    :raises RuleBroken: less is left than asked for, the sample was not
        received or is lent for something else, or the participant's consent
        does not allow it.
    :raises InvalidInput: the type cannot come of the parent, a volume is not
        above 0, `unit` cannot be converted to the parent's without rounding, a
        code is taken or given twice, or `at` cannot be.
    """
    parent = samples.by_scan(actor, parent_code)
    require(actor, Permission.SAMPLE_ALIQUOT, parent)
    terms = kinds.kept(sample_type, type_term, container_type, container_term)
    asked = Asked(sample_type, container_type, unit or parent.unit, tuple(children), loss, **terms)
    asked = asked.in_unit(parent.unit)
    earlier = _done_before(parent, asked, client_key)
    if earlier:
        return earlier
    _check(parent, asked)
    decision.require_allowed(parent.participant_id, Use.STORE, on=clock.today())
    holding = recording.lock_holding(actor, parent.code, Permission.SAMPLE_ALIQUOT)
    # Once more, now that nobody else is dividing it.
    earlier = _done_before(parent, asked, client_key)
    if earlier:
        return earlier
    kind = ActKind.ALIQUOTED if sample_type is parent.sample_type else ActKind.DERIVED
    happened_at = recording.check(kind, holding, at, field="at")
    check_is_free(holding)
    act = Act(kind, happened_at, comment=comment, client_key=client_key)
    return _divide(actor, holding, asked, act)


def check_is_free(holding: Holding) -> None:
    """Refuse to divide what somebody has for anything but that: its children would be there too.

    :raises RuleBroken: see above.
    """
    reason = registry_session.scalar(
        sa.select(Loan.reason).where(Loan.sample_id == holding.sample_id, Loan.closed_at.is_(None))
    )
    if reason not in (None, CheckoutReason.ALIQUOTING):
        raise RuleBroken(
            T(
                "{code} is checked out to {person} ({reason}): take it back before it is divided.",
                code=holding.sample.code,
                person=holding.place,
                reason=label(reason),
            )
        )


def _check(parent: Sample, asked: Asked) -> None:
    if not 1 <= len(asked.children) <= limits.ALIQUOTS_AT_ONCE_MAX:
        raise InvalidInput(
            T("Make 1 to {most} tubes at once.", most=limits.ALIQUOTS_AT_ONCE_MAX),
            field="children",
        )
    policies.check_derivable(parent.sample_type, parent.container_type, asked.sample_type)
    for child in asked.children:
        policies.check_quantity(child.volume, field="children")
    if asked.loss != 0:
        policies.check_quantity(asked.loss, field="loss")


def _divide(actor: Actor, holding: Holding, asked: Asked, act: Act) -> Sequence[Sample]:
    """Draw the children from the parent, whose holding is locked."""
    parent = holding.sample
    ledger = Ledger([parent.id])
    policies.check_enough(
        parent.code, asked=asked.total, left=ledger.left(parent.id), unit=parent.unit
    )
    contents = Contents(
        asked.sample_type,
        asked.container_type,
        parent.unit,
        type_term=asked.type_term,
        container_term=asked.container_term,
    )
    made = service.add(
        Origin(
            parent.participant_id,
            parent.site_id,
            parent.collected_at,
            parent.visit_id,
        ),
        [(child.code, contents) for child in asked.children],
        field="children",
    )
    site = registry_session.get_one(Site, holding.site_id)
    bench = Holder(HolderKind.BENCH, site.id, site.name)
    for child, wanted in zip(made, asked.children, strict=True):
        ledger.draw(parent.id, child.id, wanted.volume)
        fields = {
            "parent": parent.code,
            "volume": written(wanted.volume),
            "unit": parent.unit.value,
        }
        recording.begin(
            actor,
            child,
            replace(act, fields=fields),
            bench,
            AuditTag.SAMPLE_MADE,
            inherited=passed_on([holding.wear]),
        )
    if asked.loss:
        ledger.enter(parent.id, -asked.loss, LedgerReason.LOST)
    division = {**asked.as_fields(), "children": [child.code for child in made]}
    recording.record(actor, holding, replace(act, fields=division))
    ledger.write()
    return made


def _done_before(parent: Sample, asked: Asked, client_key: str | None) -> Sequence[Sample]:
    """What the same request made when it came before; nothing when it is new.

    :raises InvalidInput: the key came before with another request.
    """
    if client_key is None:
        return ()
    act = registry_session.scalar(
        sa.select(CustodyAct).where(
            CustodyAct.sample_id == parent.id, CustodyAct.client_key == client_key
        )
    )
    if act is None:
        return ()
    said = {TYPE_TERM: None} | asked.as_fields()
    if any(act.fields.get(name) != value for name, value in said.items()):
        raise InvalidInput(
            T("This was sent before with other quantities. Begin again."), field="client_key"
        )
    made = registry_session.scalars(
        sa.select(Sample).where(Sample.code.in_(act.fields["children"])).order_by(Sample.id)
    )
    return made.all()
