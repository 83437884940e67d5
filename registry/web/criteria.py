"""Criteria as people read them."""

from collections.abc import Mapping, Sequence

from registry.applications.criteria import Criteria
from registry.kernel.messages import Message, T
from registry.vocab.labels import label
from registry.web.language import translate


def in_words(criteria: Criteria, cohorts: Mapping[str, str]) -> Sequence[tuple[Message, str]]:
    """Each criterion that narrows the choice, and what it asks for."""
    lists = (
        (T("Cohorts"), [cohorts.get(code, code) for code in criteria.cohorts]),
        (T("Sample types"), [translate(label(kind)) for kind in criteria.sample_types]),
        (T("Sex"), [translate(label(sex)) for sex in criteria.sexes]),
        (T("Age at inclusion, in years"), [translate(label(band)) for band in criteria.age_bands]),
    )
    found = [(name, ", ".join(values)) for name, values in lists if values]
    if criteria.min_volume is not None:
        found.append(
            (
                T("Left in each sample"),
                translate(T("at least {volume} mL", volume=criteria.min_volume)),
            )
        )
    years = _years(criteria.collected_from, criteria.collected_to)
    return [*found, (T("Collected"), translate(years))] if years else found


def _years(first: int | None, last: int | None) -> Message | None:
    if first is not None and first == last:
        return T("in {year}", year=first)
    if first is not None and last is not None:
        return T("from {first} to {last}", first=first, last=last)
    if first is not None:
        return T("from {first} on", first=first)
    return None if last is None else T("until {last}", last=last)
