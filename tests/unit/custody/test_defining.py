"""An administrator defines acts: in versions, none deleted, none that could not be recorded."""

from decimal import Decimal

import pytest

from registry.custody.defined import queries, service
from registry.kernel.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleBroken,
    Stale,
)
from registry.kernel.messages import Bilingual
from registry.vocab.custody import CheckoutReason, HolderKind
from registry.vocab.defined import FieldKind, Option, TypedField
from tests.factories.defined import DEVICE, LOOK, ON_ICE, SECONDS, make_act, sonication


def test_a_definition_is_read_as_it_was_written(app, actors):
    made = make_act(actors, needs_comment=True, holders=frozenset({HolderKind.BENCH}))

    assert made.definition == sonication(needs_comment=True, holders=frozenset({HolderKind.BENCH}))
    assert (made.number, made.made_by) == (1, actors.admin.name)


@pytest.mark.parametrize("person", ["technician", "nurse", "data_manager", "dpo"])
def test_nobody_but_an_administrator_defines(app, actors, person):
    with pytest.raises(NotPermitted):
        service.define(getattr(actors, person), "SONIC", sonication())


def test_one_code_is_one_act(app, actors):
    make_act(actors)

    with pytest.raises(InvalidInput, match="already"):
        make_act(actors)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"holders": frozenset()}, "at least one place"),
        ({"holders": frozenset({HolderKind.DESTROYED})}, "at least one place"),
        ({"use": CheckoutReason.OTHER}, "values offered"),
        ({"fields": (SECONDS, SECONDS)}, "same English name"),
        ({"fields": (TypedField(Bilingual("%", fr="%"), FieldKind.TEXT),)}, "needs letters"),
        ({"fields": (TypedField(LOOK.name, FieldKind.CHOICE),)}, "two answers"),
        (
            {"fields": (TypedField(LOOK.name, FieldKind.CHOICE, options=LOOK.options[:1]),)},
            "two answers",
        ),
        (
            {"fields": (TypedField(LOOK.name, FieldKind.CHOICE, options=LOOK.options * 2),)},
            "same English name",
        ),
        ({"fields": (TypedField(DEVICE.name, FieldKind.TEXT, unit="s"),)}, "only a number"),
        (
            {
                "fields": (
                    TypedField(SECONDS.name, FieldKind.NUMBER, least=Decimal(2), most=Decimal(1)),
                )
            },
            "above the greatest",
        ),
        (
            {
                "fields": tuple(
                    TypedField(Bilingual(f"F{n}", fr=f"F{n}"), FieldKind.TEXT) for n in range(9)
                )
            },
            "at most 8 fields",
        ),
    ],
)
def test_what_could_not_be_recorded_is_not_defined(app, actors, changes, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        make_act(actors, **changes)


def test_changing_makes_a_version_and_keeps_the_earlier(app, actors):
    make_act(actors)
    number = service.change(actors.admin, "SONIC", sonication(fields=(ON_ICE,)), after=1)

    assert number == 2
    kept = [one.definition.fields for one in queries.versions("SONIC")]
    assert kept == [(ON_ICE,), sonication().fields]


def test_of_two_who_change_at_once_the_second_looks_again(app, actors):
    make_act(actors)
    service.change(actors.admin, "SONIC", sonication(fields=(ON_ICE,)), after=1)

    with pytest.raises(Stale):
        service.change(actors.admin, "SONIC", sonication(fields=(DEVICE,)), after=1)


def test_a_version_that_says_nothing_new_is_none(app, actors):
    make_act(actors)

    with pytest.raises(InvalidInput, match="Nothing is changed"):
        service.change(actors.admin, "SONIC", sonication(), after=1)


def test_a_retired_act_is_not_offered_until_it_is_taken_up_again(app, actors):
    make_act(actors)
    service.retire(actors.admin, "SONIC")
    assert queries.newest() == []
    assert [one.code for one in queries.newest(with_retired=True)] == ["SONIC"]
    with pytest.raises(RuleBroken):
        service.retire(actors.admin, "SONIC")

    service.resume(actors.admin, "SONIC")

    assert [one.code for one in queries.newest()] == ["SONIC"]
    with pytest.raises(RuleBroken):
        service.resume(actors.admin, "SONIC")


def test_each_change_is_in_the_journal(app, actors, audit_tags):
    make_act(actors)
    service.change(actors.admin, "SONIC", sonication(fields=()), after=1)
    service.retire(actors.admin, "SONIC")
    service.resume(actors.admin, "SONIC")

    assert audit_tags()[-4:] == [
        "defined_act:written",
        "defined_act:written",
        "defined_act:retired",
        "defined_act:resumed",
    ]


def test_there_is_nothing_to_change_of_what_is_none(app, actors):
    with pytest.raises(NotFound):
        service.change(actors.admin, "NONE", sonication(), after=1)
    with pytest.raises(NotFound):
        service.retire(actors.admin, "NONE")


def test_a_choice_keeps_a_key_that_no_accent_or_sign_is_in():
    assert Option(Bilingual("Slightly hæmolysed (+)", fr="Un peu")).key == "slightly_hmolysed"
