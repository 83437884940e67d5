"""The acts that an administrator defines: looking at them, writing, retiring, taking up again."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.defined import queries, service
from registry.kernel.messages import T
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.defined import ActDefinitionForm, NewActForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("defined_acts", __name__, url_prefix="/acts")

Page = Response | tuple[str, int]


@bp.get("")
@requires(Permission.DEFINED_ACT_EDIT)
def index() -> str:
    """Every act that was defined, as it is done now."""
    return render_template("acts/index.html", acts=queries.newest(with_retired=True))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.DEFINED_ACT_EDIT)
def new() -> Page:
    """Define an act."""
    form = NewActForm()
    if form.validate_on_submit():

        def define() -> str:
            service.define(current_actor(), form.cleaned["code"], form.definition)
            notify(T("“{act}” is defined: technicians can record it.", act=form.definition.name))
            return url_for(".index")

        with form.refusals():
            return redirect_once(form, define)
    return render_form("acts/edit.html", form=form, versions=(), bare=None)


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.DEFINED_ACT_EDIT)
def edit(code: str) -> Page:
    """Write the next version of a definition; see the earlier ones."""
    versions = queries.versions(code)
    form = ActDefinitionForm(versions[0])
    if form.validate_on_submit():

        def change() -> str:
            number = service.change(
                current_actor(), code, form.definition, after=form.cleaned["after"] or 0
            )
            notify(
                T("“{act}” is recorded by version {number} from now on.",
                  act=form.definition.name, number=number)
            )  # fmt: skip
            return url_for(".edit", code=code)

        with form.refusals():
            return redirect_once(form, change)
    return render_form("acts/edit.html", form=form, versions=versions, bare=SchemaForm())


@bp.post("/<code>/retire")
@requires(Permission.DEFINED_ACT_EDIT)
def retire(code: str) -> Response:
    """Offer the act no longer."""

    def leave() -> str:
        service.retire(current_actor(), code)
        notify(T("{code} is no longer offered. What was recorded stays.", code=code))
        return url_for(".edit", code=code)

    return redirect_once(SchemaForm(), leave)


@bp.post("/<code>/resume")
@requires(Permission.DEFINED_ACT_EDIT)
def resume(code: str) -> Response:
    """Offer a retired act again."""

    def take_up() -> str:
        service.resume(current_actor(), code)
        notify(T("{code} is offered again.", code=code))
        return url_for(".edit", code=code)

    return redirect_once(SchemaForm(), take_up)
