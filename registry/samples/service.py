"""Creating samples and moving quantities between them; custody is the one door to these."""

from collections.abc import Sequence

from registry.kernel.actor import Actor
from registry.persistence import transactional


@transactional
def issue_codes(actor: Actor, *, count: int) -> Sequence[str]:
    """Take `count` of our own tube codes that no tube has, for labels printed in advance."""
    raise NotImplementedError
