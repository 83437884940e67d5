"""The page of background work."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.jobs.work import WORK
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.tasks import claims, service
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.tasks import PURPOSES, TaskFailure, TaskKind, TaskState
from tests.factories.accounts import People
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]
BEGIN = "/tasks/begin/rematch"


@pytest.fixture
def officer(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.identity_officer).speak("en")


def states() -> list[TaskState]:
    registry_session.rollback()
    return list(registry_session.scalars(sa.select(Task.state)))


def test_every_kind_of_work_has_its_function_and_its_sentence():
    assert set(WORK) == set(TaskKind) == set(PURPOSES)


@pytest.mark.usefixtures("app")
class TestAsking:
    def test_work_is_asked_for_with_one_button(self, officer: Browser):
        answer = officer.send(BEGIN, page="/tasks")

        assert (answer.status_code, answer.location) == (303, "/tasks")
        assert states() == [TaskState.WAITING]
        assert "was asked for" in text_of(officer.get("/tasks"))

    def test_a_double_click_asks_once(self, officer: Browser):
        hidden = officer.hidden("/tasks", BEGIN)
        for _ in range(2):
            officer.post(BEGIN, hidden)

        assert states() == [TaskState.WAITING]

    def test_what_waits_can_be_cancelled(self, officer: Browser):
        officer.send(BEGIN, page="/tasks")
        task_id = registry_session.scalars(sa.select(Task.id)).one()

        officer.send(f"/tasks/{task_id}/cancel", page="/tasks")

        assert states() == [TaskState.CANCELLED]

    def test_work_that_does_not_exist_is_not_found(self, officer: Browser):
        hidden = officer.hidden("/tasks", BEGIN)

        assert officer.post("/tasks/begin/lafleur", hidden).status_code == 404

    def test_a_nurse_sees_nothing_of_it(self, sign_in: SignIn, actors: People):
        nurse = sign_in(actors.nurse)

        assert nurse.get("/tasks").status_code == 403
        assert 'href="/tasks"' not in nurse.get("/").text


class TestWatching:
    @pytest.fixture
    def running(self, app: Flask, actors: People) -> claims.Claim:
        service.request(actors.admin, TaskKind.REMATCH)
        held = claims.claim("w")
        assert held
        claims.advance(held, done=250, total=1000, cursor=250)
        return held

    def test_a_bar_shows_how_far_it_is(self, officer: Browser, running: claims.Claim):
        page = officer.get("/tasks")

        assert '<progress class="task-progress" value="250" max="1000"' in page.text
        assert "250 of 1,000" in text_of(page)

    def test_the_page_shows_itself_anew_while_something_runs(
        self, officer: Browser, running: claims.Claim
    ):
        refresh = officer.get("/tasks").headers["Refresh"]

        assert refresh == f"{limits.TASK_PAGE_REFRESH_SECONDS}; url=/tasks?turns=1"

    def test_but_not_for_ever_and_not_when_kept_still(
        self, officer: Browser, running: claims.Claim
    ):
        page = officer.get(f"/tasks?turns={limits.TASK_PAGE_TURNS_MAX}")

        assert "Refresh" not in page.headers
        assert "Show it anew" in text_of(page)

    def test_nor_when_nothing_is_under_way(self, officer: Browser, running: claims.Claim):
        claims.finish(Actor.system("worker"), running)

        assert "Refresh" not in officer.get("/tasks").headers

    def test_a_failure_shows_its_reference_and_a_sentence(
        self, officer: Browser, running: claims.Claim
    ):
        claims.fail(Actor.system("worker"), running, TaskFailure.VAULT_CLOSED, reference="0A1B2C3D")

        page = text_of(officer.get("/tasks"))

        assert "Reference: 0A1B2C3D" in page
        assert "The identity vault was closed" in page
        assert "Traceback" not in page
