"""Reading samples, always within the actor's sites."""

from collections.abc import Sequence

from registry.kernel.actor import Actor
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.people import Role

#: The roles that see samples, each at its own sites.
READERS = (Role.NURSE, Role.TECHNICIAN, Role.DATA_MANAGER, Role.DPO)


def get(actor: Actor, code: str) -> Sample:
    """The sample with exactly this code.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    raise NotImplementedError


def by_scan(actor: Actor, raw: str) -> Sample:
    """The sample whose label a scanner or a person read.

    :raises InvalidInput: it was misread: nothing is looked up.
    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    raise NotImplementedError


def ledger(actor: Actor, sample_id: int) -> Sequence[QuantityEntry]:
    """Every change of the sample's quantity, in order.

    :raises NotFound: it is at a site that is not the actor's.
    """
    raise NotImplementedError
