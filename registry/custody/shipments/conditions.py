"""What a partner may do with the tubes of a shipment: the approved project, for the manifest.

What is not said is not allowed.
"""

from typing import Any

from registry.consents.decision import Asked, Study
from registry.vocab.consent import Use

#: What a partner can do with a tube; the other uses of a project are the handing over itself.
TOLD = (Use.ACADEMIC_RESEARCH, Use.COMMERCIAL_RESEARCH, Use.GENETICS, Use.LINKAGE)


def written(asked: Asked) -> dict[str, Any] | None:
    """The project for which the tubes' consents were asked; None when they go for none."""
    if not isinstance(asked, Study):
        return None
    return {
        "project": asked.project,
        "uses": [use.value for use in asked.uses if use in TOLD],
        "category": asked.category.value,
        "diseases": sorted(asked.diseases),
        "until": None if asked.ends_on is None else asked.ends_on.isoformat(),
    }
