"""Asking for background work and taking it back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.kernel import clock
from registry.kernel.errors import NotFound, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.tasks import claims, queries, service
from registry.tasks.claims import ClaimLost
from registry.tasks.models import Task
from registry.vocab import limits
from registry.vocab.tasks import TaskKind, TaskState
from tests.factories.accounts import People

pytestmark = pytest.mark.usefixtures("app")


def state_of(task_id: int) -> TaskState:
    registry_session.rollback()
    return registry_session.get_one(Task, task_id).state


def test_what_is_asked_for_waits_and_is_recorded(
    actors: People, audit_tags: Callable[[], list[str]]
):
    asked = service.request(actors.identity_officer, TaskKind.REMATCH)

    assert asked.is_new
    assert state_of(asked.task.id) is TaskState.WAITING
    assert audit_tags() == ["task:requested"]


def test_what_is_asked_for_twice_while_it_waits_is_done_once(actors: People):
    first = service.request(actors.identity_officer, TaskKind.REMATCH)

    again = service.request(actors.admin, TaskKind.REMATCH)

    assert (again.task.id, again.is_new) == (first.task.id, False)


def test_what_is_asked_for_while_it_runs_is_not_doubled(actors: People):
    first = service.request(actors.identity_officer, TaskKind.REMATCH)
    claims.claim("one")

    assert service.request(actors.admin, TaskKind.REMATCH).task.id == first.task.id


def test_another_kind_of_work_is_another_task(actors: People):
    service.request(actors.identity_officer, TaskKind.REMATCH)

    assert service.request(actors.identity_officer, TaskKind.ESTIMATE_WEIGHTS).is_new


def test_what_has_ended_can_be_asked_for_again(actors: People):
    first = service.request(actors.identity_officer, TaskKind.REMATCH)
    service.cancel(actors.identity_officer, first.task.id)

    assert service.request(actors.identity_officer, TaskKind.REMATCH).is_new


def test_what_is_being_cancelled_is_asked_for_again_in_a_moment(actors: People):
    first = service.request(actors.identity_officer, TaskKind.REMATCH)
    claims.claim("one")
    service.cancel(actors.identity_officer, first.task.id)

    with pytest.raises(RuleBroken, match="in a moment"):
        service.request(actors.identity_officer, TaskKind.REMATCH)


def test_a_task_that_waits_is_cancelled_at_once(
    actors: People, audit_tags: Callable[[], list[str]]
):
    asked = service.request(actors.identity_officer, TaskKind.REMATCH)

    service.cancel(actors.admin, asked.task.id)

    assert state_of(asked.task.id) is TaskState.CANCELLED
    assert claims.claim("one") is None
    assert audit_tags() == ["task:requested", "task:cancelled"]


def test_a_task_that_runs_is_cancelled_by_its_worker(actors: People):
    asked = service.request(actors.identity_officer, TaskKind.REMATCH)
    held = claims.claim("one")
    assert held

    service.cancel(actors.admin, asked.task.id)

    assert state_of(asked.task.id) is TaskState.RUNNING
    assert claims.advance(held, done=1, total=2, cursor=1) is False


def test_a_task_that_has_ended_is_not_cancelled(actors: People):
    asked = service.request(actors.identity_officer, TaskKind.REMATCH)
    service.cancel(actors.admin, asked.task.id)

    with pytest.raises(RuleBroken, match="ended already"):
        service.cancel(actors.admin, asked.task.id)


def test_a_task_that_never_was_is_not_cancelled(actors: People):
    with pytest.raises(NotFound):
        service.cancel(actors.admin, 4711)


@pytest.mark.parametrize("who", ["nurse", "technician", "investigator", "data_manager"])
def test_others_neither_ask_for_work_nor_see_it(actors: People, who: str):
    with pytest.raises(NotPermitted):
        service.request(getattr(actors, who), TaskKind.REMATCH)
    with pytest.raises(NotPermitted):
        queries.page(getattr(actors, who))


def test_nobody_but_the_worker_ends_a_task(actors: People):
    service.request(actors.admin, TaskKind.REMATCH)
    held = claims.claim("one")
    assert held

    with pytest.raises(NotPermitted):
        claims.finish(actors.admin, held)


def test_a_task_whose_worker_lives_is_left_to_it(actors: People):
    service.request(actors.admin, TaskKind.REMATCH)
    held = claims.claim("one")
    assert held

    with clock.frozen(clock.now() + timedelta(seconds=limits.TASK_SILENT_SECONDS - 5)):
        claims.beat(held)
    with clock.frozen(clock.now() + timedelta(seconds=limits.TASK_SILENT_SECONDS + 5)):
        assert claims.claim("two") is None


def test_a_task_whose_worker_fell_silent_goes_on_from_its_cursor(actors: People):
    service.request(actors.admin, TaskKind.REMATCH)
    held = claims.claim("one")
    assert held
    claims.advance(held, done=500, total=2000, cursor=731)

    with clock.frozen(clock.now() + timedelta(seconds=limits.TASK_SILENT_SECONDS + 1)):
        taken = claims.claim("two")

    assert taken
    assert (taken.task_id, taken.done, taken.total, taken.cursor) == (held.task_id, 500, 2000, 731)


def test_a_worker_that_wakes_up_late_cannot_touch_what_another_has(actors: People):
    service.request(actors.admin, TaskKind.REMATCH)
    held = claims.claim("one")
    assert held
    with clock.frozen(clock.now() + timedelta(seconds=limits.TASK_SILENT_SECONDS + 1)):
        claims.claim("two")

    assert claims.beat(held) is False
    with pytest.raises(ClaimLost):
        claims.advance(held, done=1, total=1, cursor=1)
    claims.release(held)
    assert registry_session.scalar(sa.select(Task.worker)) == "two"


def test_the_oldest_task_is_taken_first(actors: People):
    for kind in (TaskKind.REINDEX, TaskKind.REMATCH):
        service.request(actors.admin, kind)

    taken = [held.kind for held in (claims.claim("one"), claims.claim("two")) if held]

    assert taken == [TaskKind.REINDEX, TaskKind.REMATCH]
