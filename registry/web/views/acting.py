"""Recording the acts that an administrator defined."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.defined import doing, queries
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.web import queued
from registry.web.carting import scanned
from registry.web.forms.base import render_form
from registry.web.forms.defined import act_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("acting", __name__, url_prefix="/samples/acts")

Page = Response | tuple[str, int]


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.DEFINED_ACT_RECORD)
def record(code: str) -> Page:
    """Record the act for scanned tubes; the page opens again for the next ones."""
    version = queries.versions(code)[0]
    if version.retired_at is not None and request.method == "GET":
        raise NotFound(T("This act was retired: it is no longer recorded."))
    named = "".join(f"{one}\n" for one in request.args.getlist("tube"))
    form = act_form(version, codes=named + scanned())
    if form.validate_on_submit():
        given = form.cleaned

        def do() -> str:
            tubes = doing.record(
                current_actor(),
                code,
                given["codes"],
                version=given["version"],
                given=form.given,
                comment=given["comment"],
                happened_at=given["happened_at"] or queued.moment(),
            )
            notify(
                T("{act}: tubes recorded: {count}. Scan the next ones.",
                  act=version.definition.name, count=len(tubes))
            )  # fmt: skip
            return url_for(".record", code=code)

        with form.refusals():
            return redirect_once(form, do)
    return render_form("samples/act.html", form=form, definition=version.definition)
