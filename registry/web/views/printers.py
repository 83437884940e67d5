"""The label printers, set up by an administrator: to no other machine are labels sent."""

from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.kernel.messages import T
from registry.labels import printers
from registry.labels.printers import PrinterFacts
from registry.web import templating
from registry.web.forms import labels as forms
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("printers", __name__, url_prefix="/labels/printers")

Page = Response | tuple[str, int]


@bp.get("")
@requires(Permission.PRINTER_MANAGE)
def index() -> str:
    """Every printer."""
    return render_template("printers/index.html", printers=printers.every(current_actor()))


def _facts(given: dict[str, Any]) -> PrinterFacts:
    known = {name: given[name] for name in PrinterFacts.__dataclass_fields__}
    return PrinterFacts(
        **{
            **known,
            "label_width": float(given["label_width"]),
            "label_height": float(given["label_height"]),
        }
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PRINTER_MANAGE)
def new() -> Page:
    """Set up a printer."""
    form = forms.NewPrinterForm(accounts.sites())

    def set_up() -> str:
        given = form.cleaned
        made = printers.set_up(current_actor(), site_id=given["site_id"], facts=_facts(given))
        notify(T("{name} is set up.", name=made.name))
        return url_for(".index")

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, set_up)
    return render_form("printers/edit.html", form=form, printer=None)


@bp.route("/<int(max=2147483647):printer_id>", methods=["GET", "POST"])
@requires(Permission.PRINTER_MANAGE)
def edit(printer_id: int) -> Page:
    """Change a printer, or take it out of use."""
    printer = printers.get(current_actor(), printer_id)
    facts = {name: getattr(printer, name) for name in PrinterFacts.__dataclass_fields__}
    for name in ("label_width", "label_height"):
        facts[name] = templating.quantity(facts[name])
    form = forms.PrinterForm(data={**facts, "port": str(printer.port)})

    def change() -> str:
        changed = printers.change(current_actor(), printer_id, _facts(form.cleaned))
        notify(T("{name} is changed.", name=changed.name))
        return url_for(".index")

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, change)
    return render_form("printers/edit.html", form=form, printer=printer)
