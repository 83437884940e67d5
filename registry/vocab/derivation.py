"""What can be made of what: a table of types, and the blood tubes that rule a type out.

Of its own type everything is made: an aliquot.  DNA, RNA and protein are
extracted of anything that was collected; what else has no code is of the other
type, which is made of anything.
"""

from collections.abc import Collection, Mapping

from registry.vocab.samples import EXTRACTED, ContainerType as Tube, SampleType as Type

_WHOLE = frozenset({Type.BLOOD, Type.CORD_BLOOD, Type.BONE_MARROW})
_PLASMAS = frozenset({Type.PLASMA_SINGLE_SPUN, Type.PLASMA_DOUBLE_SPUN})
_URINES = frozenset({Type.URINE_SPOT, Type.URINE_MORNING, Type.URINE_24H, Type.URINE_TIMED})
_CAVITIES = frozenset(
    {Type.LAVAGE, Type.CSF, Type.SYNOVIAL, Type.PLEURAL, Type.PERITONEAL, Type.ASCITES}
)
_SECRETIONS = frozenset({Type.SALIVA, Type.SPUTUM, Type.AMNIOTIC, Type.BREAST_MILK, Type.SEMEN})
_SWABS = frozenset({Type.BUCCAL, Type.NASAL})
_CELLULAR = _CAVITIES | _URINES | _SECRETIONS | _SWABS | {Type.TISSUE}
_BUFFY = frozenset({Type.BUFFY_COAT_VIABLE, Type.BUFFY_COAT_NONVIABLE})

#: From which types each one can be made, besides from its own; an absent one is only collected.
MADE_FROM: Mapping[Type, frozenset[Type]] = {
    Type.SERUM: frozenset({Type.BLOOD, Type.CORD_BLOOD}),
    Type.PLASMA_SINGLE_SPUN: _WHOLE,
    Type.PLASMA_DOUBLE_SPUN: _WHOLE | {Type.PLASMA_SINGLE_SPUN},
    Type.BUFFY_COAT_VIABLE: _WHOLE,
    Type.BUFFY_COAT_NONVIABLE: _WHOLE | {Type.BUFFY_COAT_VIABLE},
    Type.PBMC_VIABLE: _WHOLE | {Type.BUFFY_COAT_VIABLE},
    Type.PBMC_NONVIABLE: _WHOLE | _BUFFY | {Type.PBMC_VIABLE},
    Type.RED_CELLS: _WHOLE,
    Type.DRIED_BLOOD: frozenset({Type.BLOOD, Type.CORD_BLOOD}),
    Type.EXOSOMES: _PLASMAS | {Type.SERUM} | _URINES | _CAVITIES | _SECRETIONS,
    Type.CELLS_FRESH: _CELLULAR,
    Type.CELLS_VIABLE: _CELLULAR | {Type.CELLS_FRESH},
    Type.CELLS_NONVIABLE: _CELLULAR | {Type.CELLS_FRESH, Type.CELLS_VIABLE},
    **dict.fromkeys(EXTRACTED, frozenset(Type) - EXTRACTED),
    Type.OTHER: frozenset(Type),
}

#: Blood in these does not clot: no serum comes of it.
ANTICOAGULATED = frozenset(
    {
        Tube.EDTA_K, Tube.EDTA_NA, Tube.EDTA_GEL, Tube.HEPARIN_LI, Tube.HEPARIN_LI_GEL,
        Tube.HEPARIN_LI_RUBBER, Tube.HEPARIN_NA, Tube.CITRATE, Tube.CITRATE_FLUORIDE, Tube.ACD,
        Tube.CPD, Tube.CPT, Tube.CPT_HEPARIN, Tube.FLUORIDE, Tube.CTC, Tube.HIRUDIN,
        Tube.PROTEASE_TABLETS,
    }
)  # fmt: skip
#: Blood in these clots: no plasma, no living cells come of it.
CLOTTING = frozenset({Tube.SERUM_CLOT, Tube.SERUM_NO_CLOT})
#: What can come of these depends on the tube.
RULED_BY_TUBE = frozenset({Type.BLOOD, Type.CORD_BLOOD})
_OF_UNCLOTTED = _PLASMAS | {Type.BUFFY_COAT_VIABLE, Type.PBMC_VIABLE, Type.RED_CELLS}


def made_of(types: Collection[Type]) -> frozenset[Type]:
    """These types, and all that can come of them in any number of steps."""
    found = frozenset(types)
    while more := {one for one, made in MADE_FROM.items() if made & found} - found:
        found |= more
    return found


def is_possible(parent: Type, tube: Tube, child: Type) -> bool:
    """Whether `child` can be made of `parent`, which is in this container."""
    if child is parent:
        return True
    if parent not in MADE_FROM.get(child, ()):
        return False
    if parent not in RULED_BY_TUBE:
        return True
    if child is Type.SERUM:
        return tube not in ANTICOAGULATED
    return child not in _OF_UNCLOTTED or tube not in CLOTTING


def possible(parent: Type, tube: Tube) -> tuple[Type, ...]:
    """All that can be made of `parent`, its own type first."""
    others = (child for child in Type if child is not parent and is_possible(parent, tube, child))
    return (parent, *others)
