"""Labels as PDF: for tubes and places that the registry knows, and with fresh codes in advance."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.messages import T
from registry.labels import contents, printing, sheets
from registry.labels.layout import Content
from registry.participants import queries as participants
from registry.samples import service
from registry.storage import queries as storage
from registry.vocab.printing import LabelPurpose, LabelStock
from registry.web import label_desk, language
from registry.web.carting import scanned
from registry.web.forms import labels as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, requires
from registry.web.pdf import pdf_file_name, pdf_response
from registry.web.speech import speech

bp = Blueprint("labels", __name__, url_prefix="/labels")
bp.add_app_template_global(label_desk.has_printer, "has_label_printer")

Page = Response | tuple[str, int]


def _page(**own_forms: SchemaForm) -> tuple[str, int]:
    """Both forms; a refused one among `own_forms` replaces the fresh one."""
    shown: dict[str, Any] = {
        "known": forms.LabelsForm(formdata=None, codes=scanned()),
        "fresh": forms.LabelsInAdvanceForm(formdata=None),
        **own_forms,
    }
    refused = next(iter(own_forms.values()), shown["known"])
    return render_form(
        "labels/index.html", form=refused, **{f"{name}_form": form for name, form in shown.items()}
    )


@bp.get("")
@requires(Permission.SAMPLE_READ)
def index() -> Page:
    """Scan tubes to print their labels again, or ask for labels in advance."""
    return _page()


@bp.post("")
@requires(Permission.SAMPLE_READ)
def known() -> Page:
    """The labels of the tubes that were scanned, in that order."""
    form = forms.LabelsForm()
    if form.validate_on_submit():
        with form.refusals():
            ready = contents.of_samples(current_actor(), form.cleaned["codes"], speech())
            return _print(ready, form.cleaned)
    return _page(known=form)


@bp.post("/fresh")
@requires(Permission.SAMPLE_ALIQUOT)
def fresh() -> Page:
    """Labels with codes that no tube has, for aliquots to come."""
    form = forms.LabelsInAdvanceForm()
    if form.validate_on_submit():
        with form.refusals():
            given = form.cleaned
            sheets.check_first(given["stock"], given["first"] or 1)
            codes = service.issue_codes(current_actor(), count=given["count"])
            return _print([Content(LabelPurpose.ALIQUOT, code) for code in codes], given)
    return _page(fresh=form)


@bp.post("/places/<int(max=2147483647):unit_id>")
@requires(Permission.STORAGE_READ)
def of_place(unit_id: int) -> Page:
    """The label of a box, a freezer or another place, or of all that is directly inside it."""
    form = forms.PlaceLabelsForm()
    if form.validate_on_submit():
        with form.refusals():
            actor = current_actor()
            inside = [part.id for part in storage.inside(actor, unit_id)]
            chosen = inside if "inside" in request.form else [unit_id]
            return _print(contents.of_places(actor, chosen, speech()), form.cleaned)
    return render_form("labels/place.html", form=form, place=storage.unit(current_actor(), unit_id))


@bp.get("/participants/<code>")
@requires(Permission.PARTICIPANT_READ)
def of_participant(code: str) -> Response:
    """The label of a participant's code, for the file and the wristband: no name, no birth date.

    Right after an inclusion it is handed over as a file, so that the page stays.
    """
    found = participants.get(current_actor(), code)
    made = printing.sheet(
        current_actor(),
        [contents.of_participant(found, speech())],
        LabelStock.CRYO_ROLL,
        title=language.translate(T("Participant label")),
        language=language.current(),
    )
    answer = pdf_response(made, pdf_file_name("participant", found.code))
    if "file" in request.args:
        disposition = answer.headers["Content-Disposition"]
        answer.headers["Content-Disposition"] = disposition.replace("inline", "attachment", 1)
    return answer


def _print(ready: Sequence[Content], given: dict[str, Any]) -> Page:
    """The labels as a PDF, or on the label printers where that was asked for."""
    if "printer" not in request.form:
        return label_desk.pdf(current_actor(), ready, given["stock"], first=given["first"])
    label_desk.send(current_actor(), ready)
    return redirect(url_for("print_jobs.index"), code=303)
