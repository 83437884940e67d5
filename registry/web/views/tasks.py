"""Background work: what runs and how far it has come; asking for it and cancelling it."""

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.tasks import queries, service
from registry.vocab import limits
from registry.vocab.labels import label
from registry.vocab.tasks import PURPOSES, TaskKind, TaskState
from registry.web.forms.tasks import TaskForm, TaskListForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
@requires(Permission.TASK_READ)
def index() -> Response:
    """One page of tasks; while one is under way it shows itself anew, so often and no more.

    A screen that was left must not keep its session alive.
    """
    asked = TaskListForm().cleaned or {}
    tasks = queries.page(current_actor(), before=asked.get("before"))
    turns = asked.get("turns") or 0
    busy = {task.kind: task for task in tasks if task.is_under_way}
    turning = bool(busy) and turns < limits.TASK_PAGE_TURNS_MAX
    older = None
    if len(tasks) == limits.PAGE_ROWS:
        older = url_for(".index", before=tasks[-1].id)
    page = make_response(
        render_template(
            "tasks/index.html",
            tasks=tasks,
            busy=busy,
            purposes=PURPOSES,
            form=TaskForm(),
            turning=turning,
            still=url_for(".index", turns=limits.TASK_PAGE_TURNS_MAX),
            older=older,
            TaskState=TaskState,
        )
    )
    if turning:
        again = url_for(".index", before=asked.get("before"), turns=turns + 1)
        page.headers["Refresh"] = f"{limits.TASK_PAGE_REFRESH_SECONDS}; url={again}"
    return page


@bp.post("/begin/<kind>")
@requires(Permission.TASK_REQUEST)
def begin(kind: str) -> Response:
    """Have work of this kind done."""
    if kind not in set(TaskKind):
        raise NotFound(T("There is no such work."))

    def ask() -> str:
        asked = service.request(current_actor(), TaskKind(kind))
        what = label(asked.task.kind)
        if asked.is_new:
            notify(T("“{what}” was asked for. You can leave this page.", what=what))
        else:
            notify(T("“{what}” is under way already.", what=what), Notice.INFO)
        return url_for(".index")

    return redirect_once(TaskForm(), ask)


@bp.post("/<int:task_id>/cancel")
@requires(Permission.TASK_REQUEST)
def cancel(task_id: int) -> Response:
    """End a task: at once if it waits, after the step under way if it runs."""

    def end() -> str:
        task = service.cancel(current_actor(), task_id)
        what = label(task.kind)
        if task.is_under_way:
            notify(T("“{what}” ends after the step under way.", what=what), Notice.INFO)
        else:
            notify(T("“{what}” was cancelled.", what=what))
        return url_for(".index")

    return redirect_once(TaskForm(), end)
