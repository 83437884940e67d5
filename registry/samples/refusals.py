"""Refusing several tubes at once, each with its own reason."""

from collections.abc import Iterator
from contextlib import contextmanager

from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import Message, T


class Refusals:
    """What is wrong with some of the tubes that were given together.

    refusals = Refusals("codes")
    for code in codes:
        with refusals.gathered(code):
            check(code)
    refusals.raise_if_any()
    """

    def __init__(self, field: str) -> None:
        self._field = field
        self._reasons: list[Message] = []

    @contextmanager
    def gathered(self, code: str | None = None) -> Iterator[None]:
        """What refuses inside is kept, and the next tube has its turn; `code` names this one."""
        try:
            yield
        except DomainError as refusal:
            reason = refusal.message
            if code is not None and reason.params.get("code") != code:
                reason = T("{code}: {reason}", code=code, reason=reason)
            self._reasons.append(reason)

    def raise_if_any(self) -> None:
        """Refuse everything if something was refused.

        :raises InvalidInput: with every reason, in order, under the field.
        """
        if self._reasons:
            raise InvalidInput(
                T("Nothing was recorded: some tubes were refused."),
                field=self._field,
                errors={self._field: self._reasons},
            )
