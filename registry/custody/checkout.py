"""Handing samples to people, and taking them back."""

from datetime import datetime

from registry.custody.models import Loan
from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.samples.models import Sample
from registry.vocab.custody import CheckoutReason
from registry.vocab.samples import SampleCondition


@transactional
def check_out(
    actor: Actor,
    code: str,
    *,
    to_user_id: int,
    reason: CheckoutReason,
    comment: str | None = None,
    at: datetime | None = None,
) -> Loan:
    """Hand a sample to a person who works at its site; its cell is kept for it.

    :raises NotFound: there is no such sample at the actor's sites.
    :raises InvalidInput: the person does not work at the sample's site, or the
        reason `OTHER` comes without a comment.
    :raises RuleBroken: somebody has it, it was not received, or the
        participant's consent does not allow this use.
    """
    raise NotImplementedError


@transactional
def return_(
    actor: Actor,
    code: str,
    *,
    condition: SampleCondition = SampleCondition.GOOD,
    comment: str | None = None,
    box_id: int | None = None,
    row: int | None = None,
    col: int | None = None,
    at: datetime | None = None,
) -> Sample:
    """Take a sample back: to the cell kept for it, or into the box named here.

    In a named box without a cell it takes the next free one; a sample that had
    no cell and is given no box goes to the bench.

    :raises NotFound: there is no such sample or box at the actor's sites.
    :raises RuleBroken: nobody has it.
    :raises InvalidInput: it cannot go into that cell.
    """
    raise NotImplementedError
