"""Signing in: the same answer for everybody who may not, and a limit that passes."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.accounts import passwords, service, signing_in
from registry.accounts.models import SignInAttempt, User
from registry.audit.models import AuditEntry
from registry.kernel import clock
from registry.kernel.actor import Actor, Grant
from registry.kernel.errors import TooManyAttempts, Unauthenticated
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.people import Role
from tests.factories.accounts import PASSWORD, People, Sites

HERE = "192.0.2.1"
ELSEWHERE = "198.51.100.7"
NOON = datetime(2026, 3, 12, 11, tzinfo=UTC)
Tags = Callable[[], list[str]]


def sign_in(login: str, password: str = PASSWORD, address: str = HERE) -> Actor:
    return signing_in.sign_in(login=login, password=password, address=address)


def fail(login: str, times: int = 1, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            sign_in(login, "wrong", address)


def attempts() -> int:
    return registry_session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) or 0


class TestSigningIn:
    def test_it_gives_the_person_with_the_roles_held(
        self, actors: People, sites: Sites, audit_tags: Tags
    ):
        actor = sign_in("nurse")

        assert actor.id == actors.nurse.id
        assert actor.grants == {Grant(Role.NURSE, sites.paris)}
        assert audit_tags() == ["sign_in:accepted"]

    def test_case_and_space_around_the_name_do_not_matter(self, app: Flask, actors: People):
        assert sign_in("  Nurse ").id == actors.nurse.id

    @pytest.mark.parametrize("login", ["nurse", "nobody"])
    def test_an_unknown_name_and_a_wrong_password_get_the_same_sentence(
        self, app: Flask, actors: People, login: str
    ):
        with pytest.raises(Unauthenticated) as caught:
            sign_in(login, "wrong")

        assert str(caught.value) == "The sign-in name or the password is wrong."
        assert caught.value.field is None

    def test_a_disabled_account_gets_the_same_sentence(self, app: Flask, actors: People):
        assert actors.nurse.id is not None
        service.disable(actors.admin, actors.nurse.id)

        with pytest.raises(Unauthenticated, match="name or the password is wrong"):
            sign_in("nurse")

    def test_a_failure_is_recorded_without_the_name_that_was_typed(
        self, app: Flask, actors: People, audit_tags: Tags
    ):
        fail("my secret password typed in the wrong field")

        entry = registry_session.scalars(sa.select(AuditEntry)).one()
        assert audit_tags() == ["sign_in:refused"]
        assert "secret" not in repr(vars(entry))
        assert HERE not in repr(vars(entry))

    def test_the_hash_is_renewed_when_the_work_has_grown(self, app: Flask, actors: People):
        before = registry_session.scalar(sa.select(User.password_hash).where(User.login == "nurse"))
        passwords.use_cost(memory_kib=16, passes=1, lanes=1)

        sign_in("nurse")

        after = registry_session.scalar(sa.select(User.password_hash).where(User.login == "nurse"))
        assert before != after
        assert "m=16," in (after or "")
        assert sign_in("nurse").id == actors.nurse.id

    def test_leaving_is_recorded(self, app: Flask, actors: People, audit_tags: Tags):
        signing_in.sign_out(actors.nurse)

        assert audit_tags() == ["sign_in:ended"]


class TestTheLimit:
    def test_the_eleventh_failure_on_an_account_is_stopped_wherever_it_comes_from(
        self, app: Flask, actors: People
    ):
        fail("nurse", 5, HERE)
        fail("nurse", 5, ELSEWHERE)

        with pytest.raises(TooManyAttempts):
            sign_in("nurse", address="203.0.113.9")

    def test_the_eleventh_failure_from_an_address_is_stopped_whatever_the_account(
        self, app: Flask, actors: People
    ):
        for number in range(limits.SIGN_IN_FAILURES_MAX):
            fail(f"nobody.{number}")

        with pytest.raises(TooManyAttempts):
            sign_in("nurse")

    def test_others_elsewhere_are_not_affected(self, app: Flask, actors: People):
        fail("nurse", limits.SIGN_IN_FAILURES_MAX)

        assert sign_in("technician", address=ELSEWHERE).id == actors.technician.id

    def test_nobody_is_locked_out_for_good_even_when_the_trying_goes_on(
        self, app: Flask, actors: People
    ):
        with clock.frozen(NOON):
            fail("nurse", limits.SIGN_IN_FAILURES_MAX)
        with clock.frozen(NOON + timedelta(minutes=4)):
            for _ in range(20):
                with pytest.raises(TooManyAttempts):
                    sign_in("nurse")
        with clock.frozen(NOON + timedelta(minutes=5)):
            assert sign_in("nurse").id == actors.nurse.id

    def test_a_success_does_not_count(self, app: Flask, actors: People):
        for _ in range(limits.SIGN_IN_FAILURES_MAX + 2):
            assert sign_in("nurse").id == actors.nurse.id
        assert attempts() == 0

    def test_being_stopped_is_recorded_once(self, app: Flask, actors: People, audit_tags: Tags):
        fail("nurse", limits.SIGN_IN_FAILURES_MAX)
        for _ in range(3):
            with pytest.raises(TooManyAttempts):
                sign_in("nurse")

        assert len(audit_tags()) == limits.SIGN_IN_FAILURES_MAX + 1
        assert attempts() == limits.SIGN_IN_FAILURES_MAX + 1

    def test_what_is_stored_tells_neither_name_nor_address(self, app: Flask, actors: People):
        fail("nurse")

        row = registry_session.scalars(sa.select(SignInAttempt)).one()
        assert len(row.login_digest) == len(row.address_digest) == 64
        assert row.login_digest != row.address_digest

    @pytest.mark.concurrency
    def test_however_many_try_at_once_no_more_passwords_are_looked_at(
        self, application: Flask, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        looked_at: list[str] = []
        monkeypatch.setattr(
            passwords, "matches", lambda password, stored: looked_at.append(password) or False
        )
        together = threading.Barrier(16)
        answers: list[type[Exception]] = []

        def attempt() -> None:
            with application.app_context():
                together.wait()
                try:
                    sign_in("nurse", "wrong")
                except (Unauthenticated, TooManyAttempts) as refusal:
                    answers.append(type(refusal))

        threads = [threading.Thread(target=attempt) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(answers) == 16
        assert len(looked_at) == answers.count(Unauthenticated) <= limits.SIGN_IN_FAILURES_MAX
