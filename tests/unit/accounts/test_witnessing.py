"""A second person proves to be there: with a password, or with a badge and its PIN."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.accounts import service as accounts, signing_in, witnessing
from registry.accounts.badges import service
from registry.accounts.badges.models import Badge
from registry.audit.models import AuditEntry
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, TooManyAttempts, Unauthenticated
from registry.persistence import database, registry_session
from registry.vocab import limits
from registry.vocab.people import BadgeEnd
from tests.factories.accounts import BADGE, PASSWORD, PIN, People, make_badge

pytestmark = pytest.mark.usefixtures("app")

Tags = Callable[[], list[str]]


def sign(actor: Actor, *, badge: str = BADGE, pin: str = PIN, address: str = "::1") -> Actor:
    return witnessing.by_badge(actor, badge=badge, pin=pin, address=address)


def fail(actor: Actor, times: int = 1, *, address: str = "::1") -> None:
    for _ in range(times):
        with pytest.raises(InvalidInput, match="badge or the PIN is wrong"):
            sign(actor, pin="8306", address=address)


class TestByPassword:
    def test_a_colleague_signs_with_their_own_password(self, actors: People):
        found = witnessing.by_password(
            actors.technician, login=actors.nurse.login, password=PASSWORD, address="::1"
        )
        assert found.id == actors.nurse.id

    @pytest.mark.parametrize(("login", "password"), [("nurse", "wrong"), ("nobody", PASSWORD)])
    def test_a_wrong_name_or_password_is_refused_and_recorded(
        self, actors: People, audit_tags: Tags, login: str, password: str
    ):
        with pytest.raises(InvalidInput, match="wrong"):
            witnessing.by_password(actors.technician, login=login, password=password, address="::1")
        assert audit_tags()[-1] == "witness:refused"


class TestByBadge:
    def test_a_colleague_signs_with_badge_and_pin(self, actors: People, audit_tags: Tags):
        make_badge(actors.nurse)

        found = sign(actors.technician)

        assert found == actors.nurse
        assert audit_tags()[-1] == "witness:confirmed"
        last = registry_session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()[-1]
        assert last.actor_id == actors.nurse.id
        assert BADGE not in str(vars(last))
        assert PIN not in {str(value) for value in last.details.values()}

    def test_nobody_bears_witness_to_their_own_act(self, actors: People):
        make_badge(actors.technician)
        with pytest.raises(InvalidInput, match="own act"):
            sign(actors.technician)

    def test_an_unknown_badge_a_wrong_pin_and_none_chosen_get_the_same_sentence(
        self, actors: People, audit_tags: Tags
    ):
        make_badge(actors.nurse)
        assert actors.dpo.id is not None
        service.enrol_for(actors.admin, actors.dpo.id, badge="CHU-0047222")
        said = set()
        for badge, pin in [("CHU-0099999", PIN), (BADGE, "8306"), ("CHU-0047222", PIN)]:
            with pytest.raises(InvalidInput) as refusal:
                sign(actors.technician, badge=badge, pin=pin)
            said.add(str(refusal.value.errors))
        assert len(said) == 1
        assert audit_tags()[-3:] == ["witness:refused"] * 3

    @pytest.mark.parametrize("ending", [BadgeEnd.LOST, BadgeEnd.GIVEN_BACK])
    def test_an_ended_badge_proves_nothing(self, actors: People, ending: BadgeEnd):
        make_badge(actors.nurse)
        service.give_up(actors.nurse, ending=ending)
        with pytest.raises(InvalidInput, match="wrong"):
            sign(actors.technician)

    def test_a_disabled_account_proves_nothing(self, actors: People):
        make_badge(actors.nurse)
        assert actors.nurse.id is not None
        accounts.disable(actors.admin, actors.nurse.id)
        with pytest.raises(InvalidInput, match="wrong"):
            sign(actors.technician)

    def test_it_never_signs_anybody_in(self, actors: People):
        make_badge(actors.nurse)
        for login in (BADGE, actors.nurse.login):
            with pytest.raises(Unauthenticated):
                signing_in.sign_in(login=login, password=PIN, address="::1")


class TestLocking:
    def test_wrong_pins_lock_the_badge_however_long_they_take(
        self, actors: People, audit_tags: Tags
    ):
        make_badge(actors.nurse)
        now = clock.now()
        for days in range(limits.PIN_WRONG_MAX):
            with clock.frozen(now + timedelta(days=days)):
                fail(actors.technician, address=f"192.0.2.{days}")
        assert audit_tags()[-2:] == ["witness:refused", "badge:locked"]

        with pytest.raises(InvalidInput, match="locked"):
            sign(actors.technician, address="192.0.2.99")

    def test_a_right_pin_starts_the_count_again(self, actors: People):
        make_badge(actors.nurse)
        fail(actors.technician, limits.PIN_WRONG_MAX - 1)
        sign(actors.technician)
        fail(actors.technician, limits.PIN_WRONG_MAX - 1)

        assert sign(actors.technician) == actors.nurse

    def test_another_pin_of_its_owner_opens_it_again(self, actors: People):
        make_badge(actors.nurse)
        fail(actors.technician, limits.PIN_WRONG_MAX)

        service.set_pin(actors.nurse, pin="70428")

        assert sign(actors.technician, pin="70428", address="192.0.2.9") == actors.nurse

    def test_wrong_pins_count_with_the_failed_sign_ins_of_the_address(self, actors: People):
        make_badge(actors.nurse)
        for _ in range(limits.SIGN_IN_FAILURES_MAX):
            with pytest.raises(InvalidInput):
                sign(actors.technician, badge="CHU-0099999")
        with pytest.raises(TooManyAttempts):
            sign(actors.technician)
        assert sign(actors.technician, address="192.0.2.9") == actors.nurse

    def test_however_many_try_at_once_no_more_pins_than_the_limit_are_looked_at(
        self, app: Flask, actors: People
    ):
        make_badge(actors.nurse)
        database.remove_sessions()
        refused: list[str] = []

        def attempt(number: int) -> None:
            with app.app_context():
                try:
                    sign(actors.technician, pin=f"83{number:02d}", address=f"192.0.2.{number}")
                except InvalidInput as refusal:
                    refused.append(next(iter(refusal.errors)))
                finally:
                    database.remove_sessions()

        threads = [threading.Thread(target=attempt, args=(number,)) for number in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert refused.count("witness_pin") == limits.PIN_WRONG_MAX
        assert refused.count("witness_badge") == 9 - limits.PIN_WRONG_MAX
        assert registry_session.scalars(sa.select(Badge.wrong_pins)).one() == limits.PIN_WRONG_MAX
