"""Each kind of work, carried out by a worker on a vault with people in it."""

from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.identity import vault
from registry.identity.models import IndexEntry, MatchReview, Person, table_of
from registry.identity.weights.models import MatchWeights
from registry.jobs import Worker
from registry.persistence import db, registry_session, vault_session
from registry.tasks import claims, service
from registry.tasks.models import Task
from registry.vocab.tasks import TaskFailure, TaskKind, TaskState
from tests.factories.accounts import People
from tests.factories.identity import make_person


@pytest.fixture
def worker(app: Flask, actors: People) -> Worker:
    """A worker, and four persons of whom two may be one."""
    make_person(actors.nurse)
    make_person(actors.nurse, number="0042138", given_names="Charlotte")
    for number, name in enumerate(("Martin", "Bernard")):
        make_person(actors.nurse, number=f"7{number}", birth_name=name, given_names="Paul")
    return Worker(app, stopping=Event())


def forget_reviews() -> None:
    """As if the two had come while nobody compared them."""
    with db.engines["identity"].begin() as connection:
        connection.execute(sa.delete(table_of(MatchReview)))


def carried_out(worker: Worker, actors: People, kind: TaskKind) -> Task:
    task_id = service.request(actors.admin, kind).task.id
    assert worker.run_one()
    return now_of(task_id)


def now_of(task_id: int) -> Task:
    registry_session.rollback()
    return registry_session.get_one(Task, task_id, populate_existing=True)


def doubtful() -> int:
    """How many pairs wait to be judged."""
    vault_session.rollback()
    return vault_session.scalar(sa.select(sa.func.count(MatchReview.id))) or 0


@pytest.mark.parametrize("kind", TaskKind)
def test_it_comes_to_its_end(worker: Worker, actors: People, kind: TaskKind):
    assert carried_out(worker, actors, kind).state is TaskState.DONE


@pytest.mark.parametrize("kind", TaskKind)
def test_it_comes_to_its_end_where_nobody_is_known(app: Flask, actors: People, kind: TaskKind):
    assert carried_out(Worker(app, stopping=Event()), actors, kind).state is TaskState.DONE


@pytest.mark.parametrize("kind", [TaskKind.REMATCH, TaskKind.REWRAP_KEYS, TaskKind.REINDEX])
def test_it_says_when_the_vault_is_closed(worker: Worker, actors: People, kind: TaskKind):
    vault.open(None)

    task = carried_out(worker, actors, kind)

    assert task.failure is TaskFailure.VAULT_CLOSED


def test_matching_again_finds_what_nobody_has_judged(worker: Worker, actors: People):
    found_when_they_came = doubtful()
    forget_reviews()

    task = carried_out(worker, actors, TaskKind.REMATCH)

    assert doubtful() == found_when_they_came > 0
    assert (task.done, task.total) == (4, 4)


def test_matching_again_goes_on_behind_its_cursor(worker: Worker, actors: People):
    forget_reviews()
    last = vault_session.scalar(sa.select(sa.func.max(Person.id)))
    task_id = service.request(actors.admin, TaskKind.REMATCH).task.id
    held = claims.claim("other")
    assert held
    claims.advance(held, done=4, total=4, cursor=last)
    claims.release(held)

    worker.run_one()

    assert doubtful() == 0
    assert now_of(task_id).state is TaskState.DONE


def test_too_few_people_leave_the_weights_as_they_are(worker: Worker, actors: People):
    carried_out(worker, actors, TaskKind.ESTIMATE_WEIGHTS)
    vault_session.rollback()

    assert vault_session.scalars(sa.select(MatchWeights)).all() == []


def test_writing_the_indexes_again_loses_nobody(worker: Worker, actors: People):
    before = set(vault_session.scalars(sa.select(IndexEntry.token)))

    carried_out(worker, actors, TaskKind.REINDEX)
    vault_session.rollback()

    assert set(vault_session.scalars(sa.select(IndexEntry.token))) == before
