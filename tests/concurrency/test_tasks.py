"""Several workers at the same instant."""

from flask import Flask

from registry.tasks import claims, service
from registry.vocab.tasks import TaskKind
from tests.concurrency.racing import race
from tests.factories.accounts import People

WORKERS = 6


def test_a_task_is_taken_by_one_of_many_workers(application: Flask, actors: People):
    with application.app_context():
        service.request(actors.admin, TaskKind.REMATCH)

    with application.app_context():
        taken = race(application, *(lambda n=n: claims.claim(f"w{n}") for n in range(WORKERS)))

    assert len([held for held in taken if held]) == 1


def test_each_task_is_taken_once_though_many_workers_ask_for_all(
    application: Flask, actors: People
):
    with application.app_context():
        asked = {service.request(actors.admin, kind).task.id for kind in TaskKind}

    def take_all(name: str) -> list[int]:
        taken = []
        while held := claims.claim(name):
            taken.append(held.task_id)
        return taken

    with application.app_context():
        taken = race(application, *(lambda n=n: take_all(f"w{n}") for n in range(WORKERS)))

    assert sorted(task_id for one in taken for task_id in one) == sorted(asked)


def test_work_that_many_ask_for_at_once_is_one_task(application: Flask, actors: People):
    with application.app_context():
        asked = race(
            application,
            *(lambda: service.request(actors.admin, TaskKind.REMATCH).task.id,) * WORKERS,
        )

    assert len(set(asked)) == 1
