"""A form as it is written, before anybody signs it, and what makes two of them one form."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.consents.templates.models import (
    ConsentItem,
    ConsentItemTerm,
    ConsentItemUse,
    ConsentTemplate,
)
from registry.vocab.consent import Audience, ChangeRule, Language, Regime, Use
from registry.vocab.research import DuoTerm

#: A condition and its value, empty where it needs none.
Term = tuple[DuoTerm, str]


@dataclass(frozen=True)
class ItemText:
    """An item as it is written."""

    code: str
    text: str
    uses: frozenset[Use]
    mandatory: bool = False
    valid_months: int | None = None
    terms: frozenset[Term] = frozenset()

    def row(self, position: int) -> ConsentItem:
        """The item as it is kept, in its place on the form."""
        return ConsentItem(
            code=self.code,
            position=position,
            text=self.text,
            mandatory=self.mandatory,
            valid_months=self.valid_months,
            covers=[ConsentItemUse(use=use) for use in sorted(self.uses)],
            terms=[
                ConsentItemTerm(term=term, parameter=value) for term, value in sorted(self.terms)
            ],
        )

    @classmethod
    def of(cls, item: ConsentItem) -> "ItemText":
        """The item that is kept, as somebody wrote it."""
        return cls(
            code=item.code,
            text=item.text,
            uses=item.uses,
            mandatory=item.mandatory,
            valid_months=item.valid_months,
            terms=terms_of(item),
        )


@dataclass(frozen=True)
class FormText:
    """A form as it is written, in one version and language."""

    code: str
    version: int
    language: Language
    title: str
    regime: Regime
    items: Sequence[ItemText]
    valid_from: date
    valid_to: date | None = None
    audience: Audience = Audience.ADULT
    change_rule: ChangeRule = ChangeRule.NOTHING
    change_by: date | None = None
    proof_within_days: int | None = None


def terms_of(item: ConsentItem) -> frozenset[Term]:
    """The conditions under which the item's answer agrees."""
    return frozenset((one.term, one.parameter) for one in item.terms)


def structure(items: Collection[ConsentItem]) -> list[dict[str, Any]]:
    """What every language of one version has in common: all but the words."""
    return [
        {
            "code": item.code,
            "mandatory": item.mandatory,
            "valid_months": item.valid_months,
            "uses": sorted(item.uses),
            "terms": sorted(map(list, terms_of(item))),
        }
        for item in sorted(items, key=lambda item: item.position)
    ]


def digest(template: ConsentTemplate) -> str:
    """SHA-256 of everything that the form says, in one canonical form."""
    texts = [item.text for item in sorted(template.items, key=lambda item: item.position)]
    said = {
        "code": template.code,
        "version": template.number,
        "language": template.language,
        "title": template.title,
        "regime": template.regime,
        "audience": template.audience,
        "items": [
            {**shape, "text": text}
            for shape, text in zip(structure(template.items), texts, strict=True)
        ],
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
