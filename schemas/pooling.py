"""The shape of a pooling."""

from registry.vocab.samples import ContainerType, Unit
from schemas.dates import FrenchDateTime
from schemas.fields import Choice, FrenchDecimal, ScanCode, ScanCodes
from schemas.samples import comment_field
from schemas.terms import KindIn, Refined


class PoolIn(KindIn):
    """Tubes poured into one: how much of each, and what the pool is kept in."""

    pool = ScanCode()
    codes = ScanCodes(required=True)
    volume = FrenchDecimal(above=0)
    unit = Choice(Unit)
    container_type = Refined(ContainerType, required=True)
    loss = FrenchDecimal(minimum=0)
    at = FrenchDateTime()
    comment = comment_field()
