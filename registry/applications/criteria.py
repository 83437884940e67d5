"""Which samples a request is about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.applications import AgeBand
from registry.vocab.people import Sex
from registry.vocab.samples import SampleType


@dataclass(frozen=True)
class Criteria:
    """What a sample and its participant must be; what is left empty excludes nothing."""

    cohorts: tuple[str, ...] = ()
    sample_types: tuple[SampleType, ...] = ()
    sexes: tuple[Sex, ...] = ()
    age_bands: tuple[AgeBand, ...] = ()
    #: At least so much left, in millilitres: leaves out what is not a liquid.
    min_volume: Decimal | None = None
    collected_from: int | None = None
    collected_to: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The form in which a request keeps its criteria; equal criteria have equal forms."""
        found: dict[str, Any] = {
            "cohorts": sorted(set(self.cohorts)),
            "sample_types": sorted({kind.value for kind in self.sample_types}),
            "sexes": sorted({sex.value for sex in self.sexes}),
            "age_bands": sorted({band.value for band in self.age_bands}),
            "min_volume": None if self.min_volume is None else format(self.min_volume, "f"),
            "collected_from": self.collected_from,
            "collected_to": self.collected_to,
        }
        return {name: value for name, value in found.items() if value not in (None, [])}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Criteria":
        """The criteria that `to_json` gave."""
        volume = kept.get("min_volume")
        return cls(
            cohorts=tuple(kept.get("cohorts", ())),
            sample_types=tuple(map(SampleType, kept.get("sample_types", ()))),
            sexes=tuple(map(Sex, kept.get("sexes", ()))),
            age_bands=tuple(map(AgeBand, kept.get("age_bands", ()))),
            min_volume=None if volume is None else Decimal(volume),
            collected_from=kept.get("collected_from"),
            collected_to=kept.get("collected_to"),
        )


def check(criteria: Criteria, *, cohorts: Collection[str]) -> None:
    """Refuse criteria that no sample can meet, whatever the registry holds.

    `cohorts` are the codes of those that there are.

    :raises InvalidInput: a cohort does not exist, the years are out of range
        or in the wrong order, or the volume is not above nothing.
    """
    if not set(criteria.cohorts) <= set(cohorts):
        raise InvalidInput(T("Choose among the cohorts of the registry."), field="cohorts")
    years = [year for year in (criteria.collected_from, criteria.collected_to) if year is not None]
    if any(not limits.COLLECTION_YEAR_MIN <= year <= limits.COLLECTION_YEAR_MAX for year in years):
        raise InvalidInput(
            T(
                "Write a year from {least} to {most}.",
                least=limits.COLLECTION_YEAR_MIN,
                most=limits.COLLECTION_YEAR_MAX,
            ),
            field="collected_from",
        )
    if years != sorted(years):
        raise InvalidInput(
            T("The last year of collection comes before the first."), field="collected_to"
        )
    if criteria.min_volume is not None and not 0 < criteria.min_volume <= limits.QUANTITY_MAX:
        raise InvalidInput(T("Write a volume above 0."), field="min_volume")
