"""Asking many times at once gets nobody more answers than asking one after the other."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from registry.extracts import reversal
from registry.identity import pace, service
from registry.kernel.codes import participant
from registry.kernel.errors import TooManyAttempts
from registry.vocab.pseudonyms import ReversalReason
from tests.concurrency.racing import race
from tests.factories.accounts import People
from tests.factories.applications import make_donors
from tests.factories.extracts import approved, produce
from tests.factories.identity import make_person, make_traits

pytestmark = pytest.mark.concurrency

CLIENTS = 8
MOST = 2


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SEARCHES", "LOOKS", "REVERSALS"):
        monkeypatch.setattr(pace, name, replace(getattr(pace, name), most=MOST))


def answered(application: Flask, ask: Callable[[], object]) -> int:
    """How many of some requests sent at one instant were not stopped."""
    outcomes = race(application, *[ask] * CLIENTS)
    return sum(not isinstance(one, TooManyAttempts) for one in outcomes)


def test_searches(app, application: Flask, actors: People):
    assert answered(application, lambda: service.search(actors.nurse, traits=make_traits())) == MOST


def test_looks(app, application: Flask, actors: People):
    uid = make_person(actors.nurse).person_uid
    assert (
        answered(application, lambda: service.reveal(actors.nurse, uid, reason="appel du patient"))
        == MOST
    )


def test_codes_that_nobody_bears(app, application: Flask, actors: People):
    make_donors(actors, 12)
    request = approved(actors)
    produce(actors, request)
    number = request.number
    assert (
        answered(
            application,
            lambda: reversal.reverse(
                actors.identity_officer,
                number=number,
                pseudonym="P" + participant.make("0" * 16),
                kind=ReversalReason.FINDING,
                reason="The laboratory found a variant that must be told",
            ),
        )
        == MOST
    )
