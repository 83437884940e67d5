"""What may be withdrawn when."""

from collections.abc import Collection
from datetime import date

from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab.consent import Use, WithdrawalScope


def check_withdrawal(scope: WithdrawalScope, uses: Collection[Use], effective_on: date) -> None:
    """A withdrawal names what it stops, and has been said.

    :raises InvalidInput: it names no use, or its day is to come.
    """
    if scope is WithdrawalScope.USES and not uses:
        raise InvalidInput(T("Choose at least one use that is stopped."), field="uses")
    if effective_on > clock.today():
        raise InvalidInput(T("This day is still to come. Correct the date."), field="effective_on")
