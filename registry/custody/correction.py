"""Putting an act right by another that names it."""

from registry.custody.models import CustodyAct
from registry.kernel.actor import Actor
from registry.persistence import transactional


@transactional
def correct(actor: Actor, act_id: int, *, reason: str) -> CustodyAct:
    """Undo the last act on a sample: it is held again as it was before.  The act itself stays.

    :raises NotFound: there is no such act at the actor's sites.
    :raises RuleBroken: it is not the sample's last act, it was corrected
        already, acts of its kind cannot be undone, or the cell in which the
        sample was is taken by now.
    :raises InvalidInput: the reason is too short.
    """
    raise NotImplementedError
