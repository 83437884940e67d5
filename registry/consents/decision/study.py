"""What a project asks for, as far as a consent can bear on it."""

from dataclasses import dataclass
from datetime import date

from registry.consents.decision import diseases as codes
from registry.vocab.consent import Use
from registry.vocab.research import EU_AND_EEA, RecipientKind, ResearchCategory


@dataclass(frozen=True)
class Study:
    """A project: the kind of research, who receives what, where, and until when.

    What is left out is what the institute itself would do: health research at
    home, with nothing handed over, nothing linked and no genetics.
    """

    category: ResearchCategory = ResearchCategory.HEALTH
    #: Codes of the loaded terminology.
    diseases: frozenset[str] = frozenset()
    recipient: RecipientKind = RecipientKind.INSTITUTE
    #: The name of the receiving organisation.
    institution: str | None = None
    #: ISO 3166-1 alpha-2.
    country: str = "FR"
    commercial: bool = False
    genetics: bool = False
    linkage: bool = False
    #: The number of the request.
    project: str | None = None
    #: The last day on which the project uses what it received.
    ends_on: date | None = None
    ethics_approved: bool = False
    #: Whether the project touches what a person has to weigh, beyond the diseases that tell it.
    sensitive: bool = False

    @property
    def is_commercial(self) -> bool:
        """Whether a company is behind it."""
        return self.commercial or self.recipient is RecipientKind.COMPANY

    @property
    def is_sensitive(self) -> bool:
        """Whether its topic is one of those that no table decides on."""
        return self.sensitive or any(map(codes.is_sensitive, self.diseases))

    @property
    def uses(self) -> tuple[Use, ...]:
        """Every use that the project makes: each has to be allowed."""
        asked = {
            Use.ACADEMIC_RESEARCH: True,
            Use.COMMERCIAL_RESEARCH: self.is_commercial,
            Use.GENETICS: self.genetics,
            Use.OUTSIDE_EU: self.country not in EU_AND_EEA,
            Use.SHARE: self.recipient is not RecipientKind.INSTITUTE,
            Use.LINKAGE: self.linkage,
        }
        return tuple(use for use, is_made in asked.items() if is_made)


#: What can be asked about: one use, or everything that a project does.
Asked = Use | Study


def uses_of(asked: Asked) -> tuple[Use, ...]:
    """The uses that have to be allowed."""
    return asked.uses if isinstance(asked, Study) else (asked,)


#: What a use by itself asks for where it is research: the least that makes the use.  What that
#: leaves open (which country, which recipient) no condition takes for granted.
_ALONE = {
    Use.ACADEMIC_RESEARCH: Study(),
    Use.COMMERCIAL_RESEARCH: Study(commercial=True, recipient=RecipientKind.COMPANY),
    Use.GENETICS: Study(genetics=True),
    Use.OUTSIDE_EU: Study(country=""),
    Use.SHARE: Study(recipient=RecipientKind.COMPANY),
    Use.LINKAGE: Study(linkage=True),
}


def alone(use: Use) -> Study | None:
    """What a use by itself asks for; None for one that is no research."""
    return _ALONE.get(use)
