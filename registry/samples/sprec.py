"""The SPREC code of a fluid sample, from what is known of it alone.

What the record does not say is said to be unknown, and what the standard has
no letter for to be something else: nothing is ever guessed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from registry.vocab import sprec
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.sprec import Ambient, Bin, Element, SpinBin, Vessel
from registry.vocab.storage import StorageClass

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Spin:
    """One centrifugation; None is what nobody recorded."""

    minutes: int | None = None
    #: Relative centrifugal force, as a multiple of gravity.
    g: int | None = None
    ambient: Ambient | None = None
    brake: bool | None = None

    def as_fields(self) -> dict[str, Any]:
        """What the act says of it."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Freezing:
    """One freezing: what in, and whether a programme cooled it."""

    vessel: Vessel | None = None
    is_programmed: bool = False

    def as_fields(self) -> dict[str, Any]:
        """What the act says of it."""
        vessel = {} if self.vessel is None else {"vessel": self.vessel.value}
        return vessel | ({"programmed": True} if self.is_programmed else {})


@dataclass(frozen=True)
class Facts:
    """What a code is made of; None is what nobody recorded."""

    sample_type: SampleType
    #: The container in which the blood, or another fluid, was drawn.
    container: ContainerType
    #: From the collection to the first centrifugation, or to whatever was done first.
    before_spin: timedelta | None = None
    before_ambient: Ambient | None = None
    spins: Sequence[Spin] = ()
    #: Whether a centrifugation would be recorded if there had been one.
    is_followed: bool = False
    #: From the end of the last centrifugation to the storage.
    after_spin: timedelta | None = None
    after_ambient: Ambient | None = None
    #: Where it is stored, or was last, and where it was before.
    storage: StorageClass | None = None
    earlier: Collection[StorageClass | None] = ()
    vessel: Vessel | None = None
    is_programmed: bool = False


def elements(facts: Facts) -> dict[Element, str]:
    """The seven elements in their order."""
    return {
        Element.SAMPLE_TYPE: type_of(facts.sample_type),
        Element.CONTAINER: _container(facts.container),
        Element.BEFORE_SPIN: _delay(facts.before_spin, facts.before_ambient, sprec.BEFORE_SPIN),
        Element.FIRST_SPIN: _first_spin(facts),
        Element.SECOND_SPIN: _second_spin(facts),
        Element.AFTER_SPIN: _after_spin(facts),
        Element.STORAGE: storage_of(facts),
    }


def code(found: Mapping[Any, str]) -> str:
    """Elements as one code, such as ``PL1-PED-A-B-N-B-X``."""
    return sprec.SEPARATOR.join(found.values())


def is_complete(found: str | None) -> bool:
    """Whether there is a code, and the record tells each of its elements."""
    return found is not None and all(
        set(element) != {sprec.UNKNOWN} for element in found.split(sprec.SEPARATOR)
    )


def begins(found: str | None, asked: str) -> bool:
    """Whether a code begins like `asked`, in which `sprec.ANY` stands for any one element."""
    if found is None:
        return False
    elements_, wanted = found.split(sprec.SEPARATOR), asked.split(sprec.SEPARATOR)
    *whole, last = zip(elements_, wanted, strict=False)
    return (
        len(wanted) <= len(elements_)
        and all(want in (sprec.ANY, element) for element, want in whole)
        and (last[1] == sprec.ANY or last[0].startswith(last[1]))
    )


def _delay(lasted: timedelta | None, ambient: Ambient | None, bins: Sequence[Bin]) -> str:
    if lasted is None or ambient is None or lasted < timedelta(0):
        return sprec.UNKNOWN
    minutes = lasted / _MINUTE
    for one in bins:
        if one.least <= minutes and (one.most is None or minutes < one.most):
            return one.letters.get(ambient, sprec.OTHER)
    return sprec.OTHER


def type_of(kind: SampleType) -> str:
    """The first element of a fluid of this type."""
    return SampleType.OTHER.value if kind in sprec.UNCODED_TYPES else kind.value


def _container(kind: ContainerType) -> str:
    return ContainerType.OTHER.value if kind in sprec.LATER_TUBES else kind.value


def _is_unspun(facts: Facts) -> bool:
    """Whether the record tells that it was never centrifuged."""
    return not facts.spins and facts.is_followed and facts.sample_type not in sprec.SPUN


def _first_spin(facts: Facts) -> str:
    if facts.spins:
        return _spin(facts.spins[0], (*sprec.SPINS, sprec.GENTLE_SPIN))
    return sprec.NONE if _is_unspun(facts) else sprec.UNKNOWN


def _second_spin(facts: Facts) -> str:
    if len(facts.spins) > 2:
        return sprec.OTHER
    if len(facts.spins) == 2:
        return _spin(facts.spins[1], sprec.SPINS)
    if _is_unspun(facts) or (facts.spins and not lacks_second_spin(facts)):
        return sprec.NONE
    return sprec.UNKNOWN


def lacks_second_spin(facts: Facts) -> bool:
    """Whether it must have been centrifuged once more than is recorded."""
    return len(facts.spins) == 1 and facts.sample_type is SampleType.PLASMA_DOUBLE_SPUN


def _spin(spin: Spin, bins: Sequence[SpinBin]) -> str:
    if spin.minutes is None or spin.g is None or spin.ambient is None or spin.brake is None:
        return sprec.UNKNOWN
    for one in bins:
        least, most = one.g
        if (
            one.minutes[0] <= spin.minutes <= one.minutes[1]
            and least <= spin.g
            and (most is None or spin.g < most)
            and one.brake is spin.brake
            and spin.ambient in one.letters
        ):
            return one.letters[spin.ambient]
    return sprec.OTHER


def _after_spin(facts: Facts) -> str:
    if _is_unspun(facts):
        return sprec.NONE
    if not facts.spins or lacks_second_spin(facts):
        return sprec.UNKNOWN
    return _delay(facts.after_spin, facts.after_ambient, sprec.AFTER_SPIN)


def storage_of(facts: Facts) -> str:
    """The last element, which solids have too."""
    if facts.storage is None or facts.vessel is None:
        return sprec.UNKNOWN
    if facts.storage is StorageClass.NITROGEN:
        if facts.is_programmed and facts.vessel in sprec.PROGRAMMED:
            return sprec.PROGRAMMED[facts.vessel]
        if facts.vessel in sprec.AFTER_ULTRA_LOW:
            if StorageClass.ULTRA_LOW in facts.earlier:
                return sprec.AFTER_ULTRA_LOW[facts.vessel]
            if None in facts.earlier:
                return sprec.UNKNOWN
    return sprec.STORAGE[facts.vessel].get(facts.storage, sprec.OTHER)
