"""The forms as the decision needs them: what each asks, for whom, and what newer versions ask."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from registry.vocab.consent import Answer, Audience, ChangeRule, Regime, Use
from registry.vocab.research import DuoTerm

#: A condition of the Data Use Ontology and its value, empty where it needs none.
Term = tuple[DuoTerm, str]


@dataclass(frozen=True)
class ItemAnswer:
    """One item of a form, and what was said to it; None if nothing is on record."""

    code: str
    uses: frozenset[Use]
    mandatory: bool
    valid_months: int | None
    answer: Answer | None
    terms: frozenset[Term] = frozenset()


@dataclass(frozen=True)
class Form:
    """A final version of a form; versions and languages of one form share its code."""

    code: str
    number: int
    regime: Regime
    audience: Audience
    #: None: no scan is asked.
    proof_within_days: int | None
    #: Not answered yet, by the ids of the items.
    items: Mapping[int, ItemAnswer]

    def answered(self, said: Mapping[int, Answer]) -> tuple[ItemAnswer, ...]:
        """The items with their answers; one without any stays unanswered."""
        return tuple(
            replace(item, answer=said.get(item_id)) for item_id, item in self.items.items()
        )


@dataclass(frozen=True)
class Change:
    """A version that asks something of those who signed an older one."""

    ref: str
    code: str
    number: int
    rule: ChangeRule
    #: The last day on which the older version still serves.
    by: date | None
    since: date


def forms_of(rows: Iterable[Any]) -> dict[int, Form]:
    """The forms by their ids, from rows of one item, use and term each."""
    heads: dict[int, Any] = {}
    items: dict[int, dict[int, Any]] = defaultdict(dict)
    uses: dict[int, set[Use]] = defaultdict(set)
    terms: dict[int, set[Term]] = defaultdict(set)
    for row in rows:
        heads[row.template_id] = row
        items[row.template_id][row.id] = row
        if row.use is not None:
            uses[row.id].add(row.use)
        if row.term is not None:
            terms[row.id].add((row.term, row.parameter))
    return {
        template_id: Form(
            code=head.template_code,
            number=head.number,
            regime=head.regime,
            audience=head.audience,
            proof_within_days=head.proof_within_days,
            items={
                item_id: ItemAnswer(
                    code=row.code,
                    uses=frozenset(uses[item_id]),
                    mandatory=row.mandatory,
                    valid_months=row.valid_months,
                    answer=None,
                    terms=frozenset(terms[item_id]),
                )
                for item_id, row in items[template_id].items()
            },
        )
        for template_id, head in heads.items()
    }


def changes_of(rows: Iterable[Any]) -> tuple[Change, ...]:
    """What the versions ask of those who signed older ones."""
    return tuple(
        Change(
            ref=f"consent_template:{row.code}:{row.number}:{row.language.value}",
            code=row.code,
            number=row.number,
            rule=row.change_rule,
            by=row.change_by,
            since=row.valid_from,
        )
        for row in rows
    )
