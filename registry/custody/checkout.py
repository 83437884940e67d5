"""Handing samples to people, and taking them back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from registry.access import Permission, require
from registry.accounts import queries as accounts
from registry.accounts.models import Site
from registry.custody import asking, policies, recording
from registry.custody.cells import OpenBox, kept_cell
from registry.custody.models import Holding, Loan
from registry.custody.recording import Act, Holder
from registry.custody.spending import used_since
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants.terms import queries as terms
from registry.persistence import registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.plans import queries as plans
from registry.samples.refusals import Refusals
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import SampleCondition
from registry.vocab.terms import Vocabulary


@transactional
def check_out(
    actor: Actor,
    code: str,
    *,
    to_user_id: int,
    reason: CheckoutReason,
    term: str | None = None,
    comment: str | None = None,
    at: datetime | None = None,
) -> Loan:
    """Hand a sample to a person who works at its site; its cell is kept for it.

    `term` is a term of the place that refines the reason.

    :raises NotFound: there is no such sample at the actor's sites.
    :raises InvalidInput: the person does not work at the sample's site, or the
        reason `OTHER` comes without a comment, or the term is not offered.
    :raises RuleBroken: somebody has it, it was not received, or the
        participant's consent does not allow this use.
    """
    sample = samples.by_scan(actor, code)
    require(actor, Permission.SAMPLE_CHECK_OUT, sample)
    said = terms.kept(Vocabulary.CHECKOUT_REASON, reason, term)
    policies.check_is_explained(reason, said, comment)
    person = check_works_at(actor, to_user_id, sample.site_id)
    asking.require_reason(sample, reason)

    holding = recording.lock_holding(actor, sample.code, Permission.SAMPLE_CHECK_OUT)
    happened_at = recording.check(ActKind.CHECKED_OUT, holding, at, field="at")
    held_by = replace(
        recording.holder_of(holding),
        kind=HolderKind.PERSON,
        place=person.name,
        person_id=person.id,
    )
    fields = {**({"home": holding.place} if holding.box_id is not None else {}), **said}
    act = Act(ActKind.CHECKED_OUT, happened_at, reason.value, comment, fields)
    done = recording.record(actor, holding, act, held_by)
    registry_session.flush()
    loan = Loan(
        sample_id=sample.id,
        person_id=person.id,
        reason=reason,
        opened_at=happened_at,
        opened_by_act_id=done.id,
    )
    registry_session.add(loan)
    registry_session.flush()
    return loan


def check_works_at(actor: Actor, user_id: int, site_id: int) -> accounts.Person:
    """The person to whom a sample of this site is handed.

    :raises InvalidInput: nobody of this site has that number.
    """
    for person in accounts.people_at(actor, site_id):
        if person.id == user_id:
            return person
    raise InvalidInput(T("Choose somebody who works at the sample's site."), field="to_user_id")


@transactional
def return_(  # noqa: PLR0913 - each is one fact about the act
    actor: Actor,
    code: str,
    *,
    condition: SampleCondition = SampleCondition.GOOD,
    term: str | None = None,
    remaining: Decimal | None = None,
    comment: str | None = None,
    box_id: int | None = None,
    row: int | None = None,
    col: int | None = None,
    at: datetime | None = None,
) -> Sample:
    """Take a sample back: to the cell kept for it, or into the box named here.

    In a named box without a cell it takes the next free one; a sample that had
    no cell and is given no box goes to the bench.  With what is `remaining` in
    it, in its unit, the ledger says that the rest was used.

    :raises NotFound: there is no such sample or box at the actor's sites.
    :raises RuleBroken: nobody has it.
    :raises InvalidInput: it cannot go into that cell, more comes back than had
        left, or the `term`, which refines the condition, is not offered.
    :raises RuleBroken: the named box is not at the planned temperature, and no comment says why.
    """
    require(actor, Permission.SAMPLE_CHECK_OUT)
    # A box is locked before any sample is.
    box = None if box_id is None else OpenBox(actor, box_id, Permission.SAMPLE_CHECK_OUT)
    holding = recording.lock_holding(actor, code, Permission.SAMPLE_CHECK_OUT)
    happened_at = recording.check(ActKind.RETURNED, holding, at, field="at")
    policies.check_is_lent(holding)
    if box is not None and not comment:
        planned = plans.storage_classes([holding.sample_id])
        box.check_keeps(holding, planned.get(holding.sample_id))
    holder = (kept_cell(holding) or _bench(holding)) if box is None else box.take(holding, row, col)
    said = terms.kept(Vocabulary.CONDITION, condition, term, field="condition")
    fields = {"condition": condition.value, **said, **used_since(holding, remaining)}
    act = Act(ActKind.RETURNED, happened_at, comment=comment, fields=fields)
    done = recording.record(actor, holding, act, holder)
    registry_session.flush()
    loan = registry_session.scalars(
        sa.select(Loan)
        .where(Loan.sample_id == holding.sample_id, Loan.closed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    loan.closed_at = happened_at
    loan.closed_by_act_id = done.id
    registry_session.flush()
    return holding.sample


@transactional
def take_back(
    actor: Actor,
    codes: Sequence[str],
    *,
    condition: SampleCondition = SampleCondition.GOOD,
    term: str | None = None,
    comment: str | None = None,
    at: datetime | None = None,
) -> Sequence[Sample]:
    """Take samples back together, all or none: each to the cell kept for it, or to the bench.

    `term` is a term of the place that refines the condition.

    :raises InvalidInput: some cannot come back; each is named under ``codes``.
    """
    scanned = recording.read_codes(codes, field="codes")
    # All are locked in the one order before any is touched.
    holdings = recording.lock_holdings(actor, scanned)
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            recording.found_among(actor, holdings, code, Permission.SAMPLE_CHECK_OUT)
            return_(actor, code, condition=condition, term=term, comment=comment, at=at)
    refusals.raise_if_any()
    return [holdings[code].sample for code in scanned]


def _bench(holding: Holding) -> Holder:
    """The bench of the site where the sample is."""
    site = registry_session.get_one(Site, holding.site_id)
    return Holder(HolderKind.BENCH, site.id, site.name)
