"""What was sent to the label printers: where it stands, trying again, the PDF instead."""

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.messages import T
from registry.labels import queue
from registry.vocab import limits
from registry.vocab.printing import LabelStock, PrintState, PrintSubject
from registry.web import label_desk
from registry.web.forms.labels import ActForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.speech import speech

bp = Blueprint("print_jobs", __name__, url_prefix="/labels/jobs")

#: On which sheet labels are printed that did not reach their printer.
_STOCKS = {
    PrintSubject.SAMPLE: LabelStock.CRYO_SHEET,
    PrintSubject.PLACE: LabelStock.PLACE_SHEET,
}
_UNDER_WAY = (PrintState.WAITING, PrintState.SENDING)


@bp.get("")
@requires(Permission.LABEL_PRINT)
def index() -> Response:
    """One page of jobs; while one is under way it shows itself anew, so often and no more."""
    jobs = queue.page(current_actor(), before=request.args.get("before", type=int))
    turns = request.args.get("turns", 0, type=int)
    older = url_for(".index", before=jobs[-1].id) if len(jobs) == limits.PAGE_ROWS else None
    page = make_response(
        render_template(
            "print_jobs/index.html",
            jobs=jobs,
            form=ActForm(formdata=None),
            older=older,
            PrintState=PrintState,
        )
    )
    busy = any(job.state in _UNDER_WAY for job in jobs)
    if busy and 0 <= turns < limits.PRINT_PAGE_TURNS_MAX:
        again = url_for(".index", turns=turns + 1)
        page.headers["Refresh"] = f"{limits.PRINT_PAGE_REFRESH_SECONDS}; url={again}"
    return page


@bp.post("/<int:job_id>/retry")
@requires(Permission.LABEL_PRINT)
def retry(job_id: int) -> Response:
    """Send the labels again."""

    def again() -> str:
        job = queue.retry(current_actor(), job_id, speech())
        notify(
            T("Labels on their way to {printer}: {count}.", printer=job.printer.name,
              count=len(job.codes))
        )  # fmt: skip
        return url_for(".index")

    return redirect_once(ActForm(), again)


@bp.post("/<int:job_id>/pdf")
@requires(Permission.LABEL_PRINT)
def pdf(job_id: int) -> Response:
    """The same labels as a PDF."""
    actor = current_actor()
    job = queue.get(actor, job_id)
    return label_desk.pdf(actor, queue.contents_of(actor, job, speech()), _STOCKS[job.subject])
