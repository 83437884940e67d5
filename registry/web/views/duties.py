"""What needs doing about consents: lists by kind, within a horizon, and as files."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response as FileResponse, render_template, request

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.consents.duties import queries
from registry.consents.duties.queries import Duty
from registry.kernel.messages import T
from registry.kernel.sheets import sheet
from registry.vocab.duties import DutyKind, Horizon
from registry.vocab.labels import label
from registry.web.duty_places import PLACES, place_of, this_week
from registry.web.forms.duties import DutiesForm
from registry.web.guards import current_actor, requires
from registry.web.language import translate
from registry.web.templating import day

bp = Blueprint("duties", __name__, url_prefix="/duties")

#: Of minors the month alone is known.
MONTHS = (DutyKind.FIFTEEN, DutyKind.MAJORITY)
HEADINGS = (T("Code"), T("Site"), T("Form"), T("What"), T("Due by"), T("Overdue"))


bp.add_app_template_global(this_week, "duties_this_week")


@bp.get("")
@requires(Permission.CONSENT_READ)
def index() -> str:
    """One kind, the first that has any unless another was chosen."""
    actor, form = current_actor(), DutiesForm()
    horizon = _horizon(form)
    counts = queries.counts(actor, horizon)
    waiting_first = sorted(counts, key=lambda one: not counts[one])
    kind = form.cleaned.get("list") or waiting_first[0]
    found = queries.page(actor, kind, horizon, after=request.args.get("after"))
    form.horizon.data = horizon.value
    return render_template(
        "duties/index.html",
        form=form,
        kinds=list(counts),
        counts=counts,
        shown=kind,
        horizon=horizon,
        found=found,
        meaning=PLACES[kind].meaning,
        places={duty.place: place_of(actor, duty) for duty in found.rows},
        sites=_site_names(),
        months=MONTHS,
    )


@bp.get("/file")
@requires(Permission.CONSENT_READ)
def file() -> FileResponse:
    """A list as a file for a spreadsheet: codes, never names."""
    form = DutiesForm()
    kind = form.cleaned.get("list") or DutyKind.SCAN
    found = queries.everything(current_actor(), kind, _horizon(form))
    answer = FileResponse(sheet(_cells(found)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind.value}.csv"'
    return answer


def _horizon(form: DutiesForm) -> Horizon:
    chosen: Horizon = form.cleaned.get("horizon") or Horizon.WEEK
    return chosen


def _site_names() -> dict[int, str]:
    return {site.id: site.name for site in accounts.sites()}


def _cells(found: Sequence[Duty]) -> Iterator[Sequence[str]]:
    sites = _site_names()
    yield [translate(one) for one in HEADINGS]
    for duty in found:
        yield (
            duty.shown_code,
            sites[duty.site_id],
            f"{duty.form} {duty.number}" if duty.form else "",
            translate(label(duty.kind)),
            _due(duty),
            translate(T("Overdue")) if duty.is_overdue else "",
        )


def _due(duty: Duty) -> str:
    if duty.due_on is None:
        return ""
    return duty.due_on.strftime("%m/%Y") if duty.kind in MONTHS else day(duty.due_on)
