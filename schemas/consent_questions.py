"""The shape of asking why: a use or a study, a day, and as known when."""

from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.research import RecipientKind, ResearchCategory
from schemas.base import Shape
from schemas.catalogue import check_country
from schemas.dates import FrenchDate
from schemas.fields import Choice, Flag, TrimmedText


class WhyIn(Shape):
    """What is asked; without a use, about a study."""

    use = Choice(Use)
    on = FrenchDate()
    known_on = FrenchDate()
    category = Choice(ResearchCategory, load_default=ResearchCategory.HEALTH)
    diseases = TrimmedText(longest=limits.NAME_MAX)
    recipient_kind = Choice(RecipientKind, load_default=RecipientKind.INSTITUTE)
    institution = TrimmedText(longest=limits.NAME_MAX)
    country = TrimmedText(longest=limits.CODE_MAX, load_default="FR", validate=check_country)
    genetics = Flag()
    commercial = Flag()
    linkage = Flag()
    ethics_approved = Flag()
    sensitive = Flag()
    ends_on = FrenchDate()
    project = TrimmedText(longest=limits.CODE_MAX)
