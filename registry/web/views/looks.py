"""Who looked at whose identity and why, and what is unusual: for the data protection officer."""

from typing import Any

from flask import Blueprint, Response as FileResponse, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.audit import looks, watch
from registry.audit.looks import Wanted, Whose
from registry.audit.rules import MEANINGS
from registry.identity import references
from registry.kernel.messages import T
from registry.kernel.sheets import sheet
from registry.participants import queries as participants
from registry.vocab import limits
from registry.web.forms.base import render_form
from registry.web.forms.looks import LooksForm, RemarkForm
from registry.web.guards import current_actor, requires
from registry.web.look_lines import cells, lines
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("looks", __name__, url_prefix="/reveals")

_ASKED = ("actor_id", "participant", "site_id", "since", "until")

Page = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.LOOK_READ)
def index() -> Page:
    """One page of looks, newest first."""
    actor, form = current_actor(), _form()
    found = None
    if form.cleaned:
        with form.refusals():
            found = looks.page(actor, _wanted(form), before=form.cleaned["before"])
    shown = lines(actor, (found or ())[: limits.PAGE_ROWS])
    asked: dict[str, Any] = {name: request.args[name] for name in _ASKED if name in request.args}
    older = None
    if found is not None and len(found) > limits.PAGE_ROWS:
        older = url_for(".index", **asked, before=shown[-1].entry.seq)
    return render_form("looks/index.html", form=form, lines=shown, older=older, asked=asked)


@bp.get("/file")
@requires(Permission.LOOK_READ)
def file() -> Page:
    """The looks that are wanted, as a file for a spreadsheet."""
    actor, form = current_actor(), _form()
    if form.cleaned:
        with form.refusals():
            found = looks.everything(actor, _wanted(form))
            answer = FileResponse(sheet(cells(lines(actor, found))), mimetype="text/csv")
            answer.headers["Content-Disposition"] = 'attachment; filename="looks.csv"'
            return answer
    return render_form("looks/index.html", form=form, lines=[], older=None, asked={})


def _form() -> LooksForm:
    names = accounts.names(looks.people(current_actor()))
    return LooksForm(sorted(names.items(), key=lambda pair: pair[1]), accounts.sites())


def _wanted(form: LooksForm) -> Wanted:
    """What the form asks for, with the participant's references from the vault."""
    asked, actor, whose = form.cleaned, current_actor(), None
    if asked["participant"]:
        participant = participants.get(actor, asked["participant"])
        refs = references.refs_of(actor, participant.person_uid)
        whose = Whose({*refs, participant.audit_ref}, participant.shown_code)
    return Wanted(asked["actor_id"], whose, asked["site_id"], asked["since"], asked["until"])


@bp.get("/unusual")
@requires(Permission.LOOK_READ)
def unusual() -> str:
    """What the rules find, and the rules."""
    found = watch.unusual(current_actor())
    people = {one for watched in found for one in watched.finding.people}
    return render_template(
        "looks/unusual.html",
        found=found,
        rules=MEANINGS,
        names=accounts.names(people),
        days=limits.WATCH_DAYS,
    )


@bp.route("/unusual/<path:key>", methods=["GET", "POST"])
@requires(Permission.LOOK_READ)
def finding(key: str) -> Page:
    """One finding with what it counts; what somebody made of it is noted."""
    actor, form = current_actor(), RemarkForm()
    if form.validate_on_submit():

        def note() -> str:
            watch.examine(actor, key=key, **form.cleaned)
            notify(T("Your remark is kept."))
            return url_for(".unusual")

        with form.refusals():
            return redirect_once(form, note)
    watched, entries = watch.one(actor, key)
    form.count.data = form.count.data or str(watched.finding.count)
    noted = {note.examined_by_id for note in watched.notes if note.examined_by_id is not None}
    return render_form(
        "looks/finding.html",
        form=form,
        watched=watched,
        rule=MEANINGS[watched.finding.unusual],
        lines=lines(actor, entries),
        names=accounts.names(noted),
    )
