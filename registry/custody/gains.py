"""What was gained of a sample by making a derivative of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from registry.custody.views import ChainLine
from registry.samples.measuring.queries import Amount, Content
from registry.vocab.custody import ActKind
from registry.vocab.samples import Unit


@dataclass(frozen=True)
class Gain:
    """What all tubes of one derivation hold, if each is like the one that was measured."""

    parent: str
    #: What the parent gave for it, losses included.
    used: Decimal
    used_unit: Unit
    amount: Amount


def gain(chain: Sequence[ChainLine], code: str, content: Content) -> Gain | None:
    """The yield of the derivation that made the sample; None where it was not measured.

    An aliquot has none: what it holds was in its parent.
    """
    made = next((line for line in chain if _made(line, code)), None)
    if made is None or "volumes" not in made.fields:
        return None
    given = sum(map(Decimal, made.fields["volumes"]), Decimal(0))
    unit = Unit(made.fields["unit"])
    amounts = content.amounts(given, unit)
    if not amounts:
        return None
    return Gain(made.sample_code, given + Decimal(made.fields["loss"]), unit, amounts[0])


def _made(line: ChainLine, code: str) -> bool:
    return (
        line.kind is ActKind.DERIVED
        and line.corrected_by_seq is None
        and code in line.fields.get("children", ())
    )
