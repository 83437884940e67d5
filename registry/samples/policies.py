"""What a quantity and a code may be."""

from collections.abc import Collection
from decimal import Decimal

from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.samples.models import Sample
from registry.samples.quantities import plain
from registry.vocab import derivation, limits
from registry.vocab.labels import label
from registry.vocab.samples import ContainerType, SampleType, Unit, powers


def check_quantity(quantity: Decimal, *, field: str = "volume") -> None:
    """Refuse a quantity that a container cannot hold.

    :raises InvalidInput: it is not above 0, too large or has too many decimals.
    """
    if not quantity.is_finite() or quantity <= 0:
        raise InvalidInput(T("A quantity must be above 0."), field=field)
    if quantity > limits.QUANTITY_MAX:
        raise InvalidInput(
            T("A quantity cannot be above {most}.", most=limits.QUANTITY_MAX), field=field
        )
    exponent = quantity.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > limits.QUANTITY_PLACES:
        raise InvalidInput(
            T("A quantity has at most {places} decimals.", places=limits.QUANTITY_PLACES),
            field=field,
        )


def convert(quantity: Decimal, unit: Unit, to: Unit, *, field: str = "volume") -> Decimal:
    """The same quantity in another unit of its dimension: exact, or refused.

    :raises InvalidInput: the units do not convert, a container cannot hold the
        quantity, or it has too many decimals in the other unit.
    """
    check_quantity(quantity, field=field)
    known = powers(unit)
    if to not in known:
        raise InvalidInput(
            T(
                "{unit} cannot be converted to {other}: give the quantities in {other}.",
                unit=label(unit),
                other=label(to),
            ),
            field="unit",
        )
    converted = plain(quantity.scaleb(known[unit] - known[to]))
    check_quantity(converted, field=field)
    return converted


def check_enough(code: str, *, asked: Decimal, left: Decimal, unit: Unit) -> None:
    """Refuse to take more out of a sample than is in it.

    :raises RuleBroken: the sentence names what is left.
    """
    if asked > left:
        raise RuleBroken(
            T(
                "Only {left} {unit} are left in {code}, and {asked} {unit} are asked for.",
                left=plain(left),
                asked=plain(asked),
                unit=label(unit),
                code=code,
            ),
            field="volume",
        )


def check_derivable(
    parent: SampleType, container: ContainerType, child: SampleType, *, field: str = "sample_type"
) -> None:
    """Refuse to make of a sample, which is in this container, what cannot come of it.

    :raises InvalidInput: the sentence names both types and the container.
    """
    if not derivation.is_possible(parent, container, child):
        raise InvalidInput(
            T(
                "{child} is not made of {parent} ({container}).",
                child=label(child),
                parent=label(parent),
                container=label(container),
            ),
            field=field,
        )


def check_can_be_pooled(sample: Sample, first: Sample) -> None:
    """Refuse to pour a sample together with another that is not of its kind.

    :raises InvalidInput: they are of different participants, sites or types, or
        of blood that was drawn into different tubes.
    """
    codes = {"code": sample.code, "first": first.code}
    if (sample.participant_id, sample.site_id) != (first.participant_id, first.site_id):
        # Whoever withdraws takes back what is theirs, which a pool of several no longer is.
        raise InvalidInput(
            T("{code} is another participant’s than {first}: a pool is of one.", **codes),
            field="codes",
        )
    if sample.sample_type is not first.sample_type:
        raise InvalidInput(
            T(
                "{code} is {type}, and {first} is {other}: only one type goes into a pool.",
                type=label(sample.sample_type),
                other=label(first.sample_type),
                **codes,
            ),
            field="codes",
        )
    is_other_tube = sample.container_type is not first.container_type
    if sample.sample_type in derivation.RULED_BY_TUBE and is_other_tube:
        raise InvalidInput(
            T(
                "{code} is in {container} and {first} in {other}: such blood is not mixed.",
                container=label(sample.container_type),
                other=label(first.container_type),
                **codes,
            ),
            field="codes",
        )


def read_new_code(typed: str) -> str:
    """The code of a new tube, as it was scanned or typed.

    :raises InvalidInput: it was misread or is too long.
    """
    code = tube.read_scan(typed)
    if len(code) > limits.CODE_MAX:
        raise InvalidInput(
            T("A tube code has at most {most} characters.", most=limits.CODE_MAX), field="code"
        )
    return code


def check_unused(code: str, taken: Collection[str]) -> None:
    """Refuse a code that names another tube.

    :raises InvalidInput: it is in `taken`.
    """
    if code in taken:
        raise InvalidInput(T("The code {code} is taken by another tube.", code=code), field="code")


def check_not_waiting(code: str, waiting: Collection[str]) -> None:
    """Refuse a code whose tube waits for its participant.

    :raises InvalidInput: it is in `waiting`.
    """
    if code in waiting:
        raise InvalidInput(
            T("{code} waits in the tray: attach it to its participant there.", code=code),
            field="code",
        )


def check_is_no_participant(code: str, people: Collection[str]) -> None:
    """Refuse a participant's code scanned as a tube's.

    :raises InvalidInput: without its hyphen it is in `people`.
    """
    if code.replace("-", "") in people:
        raise InvalidInput(
            T("{code} is a participant’s code. Scan the tube’s own label.", code=code),
            field="code",
        )
