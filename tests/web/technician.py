"""What the registry holds now, after a page has changed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from registry.custody import queries
from registry.custody.queries import ChainLine, SamplePage
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab.custody import ActKind, HolderKind


@dataclass(frozen=True)
class Now:
    """Reads as one person does, each time afresh: a page works in a session of its own."""

    actor: Actor

    def page(self, code: str) -> SamplePage:
        registry_session.rollback()
        return queries.sample_page(self.actor, code)

    def holder(self, code: str) -> HolderKind:
        return self.page(code).sample.status

    def left(self, code: str) -> Decimal:
        return self.page(code).sample.remaining

    def cell(self, code: str) -> str | None:
        return self.page(code).cell

    def children(self, code: str) -> list[str]:
        return [child.code for child in self.page(code).children]

    def chain(self, code: str) -> Sequence[ChainLine]:
        registry_session.rollback()
        return queries.chain(self.actor, code)

    def acts(self, code: str) -> list[ActKind]:
        """What was done to the sample itself."""
        return [line.kind for line in self.chain(code) if not line.is_inherited]


def lines(*codes: str) -> str:
    """Codes as a scanner leaves them in a field for many."""
    return "".join(f"{code}\r\n" for code in codes)
