"""The weights that count now."""

import weakref
from dataclasses import dataclass

import sqlalchemy as sa

from registry.identity.weighing import START, Weights
from registry.identity.weights.models import MatchWeights
from registry.persistence import vault_session
from registry.persistence.unit_of_work import UnitOfWork, current as unit_under_way
from registry.vocab.identity import Agreement, Compared

_NEWEST = sa.select(MatchWeights.version).order_by(MatchWeights.id.desc()).limit(1)


@dataclass
class _Remembered:
    """The version that this process uses, and when it last looked for a newer one."""

    weights: Weights = START
    within: weakref.ref[UnitOfWork] | None = None


_remembered = _Remembered()


def current() -> Weights:
    """The newest version, or `START` while there is none; looked for once in a unit of work."""
    work = unit_under_way()
    if _remembered.within is None or _remembered.within() is not work:
        newest = vault_session.scalar(_NEWEST) or START.version
        if newest != _remembered.weights.version:
            _remembered.weights = _of_version(newest)
        _remembered.within = weakref.ref(work)
    return _remembered.weights


def _of_version(version: str) -> Weights:
    row = vault_session.scalar(sa.select(MatchWeights).where(MatchWeights.version == version))
    return START if row is None else as_weights(row)


def as_weights(row: MatchWeights) -> Weights:
    """A stored version as comparisons use it."""
    chances = {
        Compared(which): {Agreement(level): (m, u) for level, (m, u) in levels.items()}
        for which, levels in row.chances.items()
    }
    return Weights(
        row.version,
        chances,
        exchanged=row.shares["exchanged"],
        used_instead=row.shares["used_instead"],
        duplicates=row.shares["duplicates"],
        twins=row.shares["twins"],
    )
