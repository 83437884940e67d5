"""A scripted attacker asks for pairs of groups that differ by one person, and guesses."""

import random
from collections.abc import Callable

import pytest

from registry.access import Permission, require
from registry.applications.criteria import Criteria
from registry.audit import record
from registry.extracts.catalogue import Question, count
from registry.extracts.disclosure import Figure, figure
from registry.extracts.guard import Group, Memory, packed, unpacked
from registry.persistence import unit_of_work
from registry.vocab.applications import Purpose
from registry.vocab.audit import AuditTag
from tests.factories.accounts import People

pytestmark = pytest.mark.usefixtures("app")

PAIRS = 100
TARGET = 5_000


def accuracy(look: Callable[[Group], Figure]) -> float:
    """How often the attacker, who asks with and without, knows whether the target has the trait."""
    dice = random.Random(41)
    right = 0
    for _pair in range(PAIRS):
        others = dice.sample(range(1, 4_000), dice.randint(11, 400))
        has_trait = dice.random() < 0.5
        everybody = look(Group(dict.fromkeys([*others, TARGET], 1)))
        with_trait = look(Group(dict.fromkeys([*others, TARGET] if has_trait else others, 1)))
        right += (everybody == with_trait) == has_trait
    return right / PAIRS


def test_rounding_alone_would_tell(actors: People):
    assert accuracy(lambda group: figure(group.count)) > 0.55


def test_the_attacker_might_as_well_guess(actors: People):
    asked = count(actors.investigator, Question(Purpose.ACADEMIC, Criteria()))
    memory = Memory(actors.investigator.id or 0)

    def look(group: Group) -> Figure:
        with unit_of_work():
            require(actors.investigator, Permission.CATALOGUE_COUNT)
            shown, is_new = memory.look(group)
            if is_new:
                memory.remember(group, shown, count_id=asked.id)
            record(actors.investigator, AuditTag.CATALOGUE_COUNTED, "count:test")
        return shown

    assert accuracy(look) <= 0.6


def test_a_group_is_remembered_whole():
    group = Group({1: 1, 8: 1, 250_000: 1})

    assert unpacked(packed(group.bits)) == group.bits
    assert group.bits.bit_count() == 3


def test_an_empty_group_is_remembered_too():
    assert unpacked(packed(Group({}).bits)) == 0


def test_a_large_group_takes_little_room():
    everyone_second = Group(dict.fromkeys(range(0, 400_000, 2), 1))

    assert len(packed(everyone_second.bits)) < 1_000
