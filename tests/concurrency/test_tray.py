"""The tray with two people at it: a tube is received once, and ends once."""

import threading
from contextlib import suppress

import pytest
import sqlalchemy as sa

from registry.custody import service as custody
from registry.kernel.errors import DomainError
from registry.persistence import registry_session
from registry.samples import policies
from registry.samples.models import Sample
from registry.samples.tray.models import TrayTube
from registry.vocab.tray import TrayOutcome
from tests.concurrency.racing import race, won
from tests.factories.samples import COLLECTED, make_consenting_participant, make_tube
from tests.factories.tray import lay

pytestmark = [pytest.mark.concurrency, pytest.mark.usefixtures("app")]


def ends(application, *actions):
    """The one that won; the others were told why not."""
    outcomes = race(application, *actions)
    assert len(won(outcomes)) == 1, outcomes
    assert all(str(one) for one in outcomes if isinstance(one, DomainError))
    return won(outcomes)[0]


def test_one_tube_is_laid_once(application, actors):
    lay(actors, "EXT-0")
    ends(application, lambda: lay(actors, "EXT-1"), lambda: lay(actors, "EXT-1"))
    assert registry_session.scalar(sa.select(sa.func.count()).select_from(TrayTube)) == 2


def test_one_code_is_in_the_tray_or_a_samples(application, actors, monkeypatch):
    participant = make_consenting_participant(actors)
    looked = threading.Barrier(2)
    check = policies.check_not_waiting

    def check_slowly(code, waiting):
        with suppress(threading.BrokenBarrierError):
            looked.wait(timeout=0.5)
        check(code, waiting)

    monkeypatch.setattr(policies, "check_not_waiting", check_slowly)
    ends(
        application,
        lambda: lay(actors, "EXT-1"),
        lambda: make_tube(actors, participant=participant, code="EXT-1"),
    )


def test_a_tube_is_attached_to_one_participant(application, actors):
    [tube] = lay(actors)
    people = [make_consenting_participant(actors) for _ in range(2)]
    codes = [one.code for one in people]
    ends(application, *[lambda code=code: attach(actors, tube.id, code) for code in codes])
    assert registry_session.scalar(sa.select(sa.func.count()).select_from(Sample)) == 1


def test_a_tube_is_attached_or_thrown_away(application, actors):
    [tube] = lay(actors)
    code = make_consenting_participant(actors).code
    ends(
        application,
        lambda: attach(actors, tube.id, code),
        lambda: custody.reject(
            actors.technician, tube.id, TrayOutcome.DISCARDED, reason="It leaked"
        ),
    )
    found = registry_session.scalar(sa.select(sa.func.count()).select_from(Sample))
    ended = registry_session.get_one(TrayTube, tube.id).outcome
    assert (found, ended) in ((1, TrayOutcome.ATTACHED), (0, TrayOutcome.DISCARDED))


def attach(actors, tube_id, code):
    return custody.attach(
        actors.nurse, tube_id, participant_code=code, plan_id=None, collected_at=COLLECTED
    )
