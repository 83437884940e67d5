"""What people read for each choice; each vocabulary module labels its own enumerations."""

from enum import StrEnum

from registry.kernel.messages import Labels, Message
from registry.vocab import (
    applications,
    audit_words,
    consent,
    custody,
    defined,
    dossiers,
    duties,
    erasure,
    exchange,
    identity,
    incidents,
    measuring,
    national,
    people,
    picking,
    plans,
    printing,
    pseudonyms,
    racks,
    research,
    reviews,
    samples,
    scanning,
    shipping,
    sprec,
    storage,
    tasks,
    terms,
    tissue,
    tray,
    withdrawals,
)

# Two enumerations may share a value, and equal strings are equal keys, so the
# table is keyed by the enumeration first.
TABLE: Labels = {
    **applications.LABELS,
    **audit_words.LABELS,
    **consent.LABELS,
    **custody.LABELS,
    **defined.LABELS,
    **dossiers.LABELS,
    **duties.LABELS,
    **erasure.LABELS,
    **exchange.LABELS,
    **identity.LABELS,
    **incidents.LABELS,
    **measuring.LABELS,
    **national.LABELS,
    **people.LABELS,
    **picking.LABELS,
    **plans.LABELS,
    **printing.LABELS,
    **pseudonyms.LABELS,
    **racks.LABELS,
    **research.LABELS,
    **reviews.LABELS,
    **samples.LABELS,
    **scanning.LABELS,
    **shipping.LABELS,
    **sprec.LABELS,
    **storage.LABELS,
    **tasks.LABELS,
    **terms.LABELS,
    **tissue.LABELS,
    **tray.LABELS,
    **withdrawals.LABELS,
}


def label(member: StrEnum) -> Message:
    """What people read for `member`.

    :raises KeyError: the member has no label; a guard test keeps this from happening.
    """
    return TABLE[type(member)][member]
