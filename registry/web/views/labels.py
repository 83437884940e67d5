"""Labels: for tubes that the registry knows, and with fresh codes in advance."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from registry.access import Permission
from registry.custody import queries
from registry.kernel import clock
from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.samples import labels, service
from registry.samples.labels import Label
from registry.vocab.labels import label as name_of
from registry.vocab.printing import LabelStock
from registry.web import language, templating
from registry.web.forms import samples as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, requires
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("labels", __name__, url_prefix="/labels")

Page = Response | tuple[str, int]


def _page(**own_forms: SchemaForm) -> tuple[str, int]:
    """Both forms; a refused one among `own_forms` replaces the fresh one."""
    shown: dict[str, Any] = {
        "known": forms.LabelsForm(formdata=None),
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
            return _print(_labels(form.cleaned["codes"]), form.cleaned)
    return _page(known=form)


@bp.post("/fresh")
@requires(Permission.SAMPLE_ALIQUOT)
def fresh() -> Page:
    """Labels with codes that no tube has, for aliquots to come."""
    form = forms.LabelsInAdvanceForm()
    if form.validate_on_submit():
        with form.refusals():
            given = form.cleaned
            labels.check_first(given["stock"], given["first"] or 1)
            codes = service.issue_codes(current_actor(), count=given["count"])
            return _print([Label(code, "", "", "") for code in codes], given)
    return _page(fresh=form)


@bp.get("/participants/<code>")
@requires(Permission.PARTICIPANT_READ)
def of_participant(code: str) -> Response:
    """The label of a participant's code, for the file and the wristband: no name, no birth date.

    Right after an inclusion it is handed over as a file, so that the page stays.
    """
    found = participants.get(current_actor(), code)
    label = Label(
        code=found.code,
        kind=found.shown_code,
        participant=found.cohort.code,
        collected=templating.day(found.included_on),
    )
    made = labels.sheet(
        [label],
        LabelStock.CRYO_ROLL,
        title=language.translate(T("Participant label")),
        language=language.current(),
    )
    answer = pdf_response(made, pdf_file_name("participant", found.code))
    if "file" in request.args:
        disposition = answer.headers["Content-Disposition"]
        answer.headers["Content-Disposition"] = disposition.replace("inline", "attachment", 1)
    return answer


def _labels(codes: Sequence[str]) -> list[Label]:
    """What the labels say.

    :raises InvalidInput: some codes are not known at the actor's sites; each is named.
    """
    known = queries.listed(current_actor(), codes)
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise InvalidInput(
            T("Some tubes are not known."),
            errors={
                "codes": [
                    T("There is no sample with the code {code} at your sites.", code=code)
                    for code in unknown
                ]
            },
        )
    parts = labels.parts([one.id for one in known.values()])
    return [_label(known[code], parts.get(known[code].id, "")) for code in codes]


def _label(sample: queries.Listed, part: str) -> Label:
    return Label(
        code=sample.code,
        kind=f"{sample.sample_type.value} {language.translate(name_of(sample.sample_type))}",
        participant=participant.show(sample.participant_code),
        collected=templating.day(clock.to_paris(sample.collected_at).date()),
        part=part,
    )


def _print(ready: Sequence[Label], given: dict[str, Any]) -> Response:
    made = labels.sheet(
        ready,
        given["stock"],
        first=given["first"] or 1,
        title=language.translate(T("Tube labels")),
        language=language.current(),
    )
    return pdf_response(made, "labels.pdf")
