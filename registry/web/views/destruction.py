"""Ending the quarantine of samples: by a release, or by their destruction before a witness."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.destruction import queries, service
from registry.custody.destruction.certificate import certificate as printed
from registry.custody.forms import Printing
from registry.custody.quarantine import service as quarantine
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.vocab.custody import WorkList
from registry.web import language
from registry.web.carting import scanned
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.withdrawals import DestroyForm, ReleaseForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import answered_before, redirect_once
from registry.web.pdf import pdf_file_name, pdf_response
from registry.web.second_person import witness_on

bp = Blueprint("destruction", __name__)

Page = Response | tuple[str, int]


@bp.route("/samples/destroy", methods=["GET", "POST"])
@requires(Permission.SAMPLE_DESTROY)
def destroy() -> Page:
    """Scan the tubes that are destroyed; a colleague who watches signs on the same screen."""
    form = DestroyForm(codes=scanned())
    if form.validate_on_submit():
        with form.refusals():
            answered = answered_before(form)
            if answered is not None:
                return answered
            witness = witness_on(form)
            if witness is not None:
                return redirect_once(form, lambda: _destroyed(form, witness))
    return render_form("samples/destroy.html", form=form)


def _destroyed(form: SchemaForm, witness: Actor) -> str:
    given = form.cleaned
    done = service.carry_out(
        current_actor(), given["codes"], witness=witness, method=given["method"], at=given["at"]
    )
    numbers = ", ".join(one.certificate for one in done)
    notify(
        T(
            "Tubes destroyed: {count}. Certificates: {numbers}.",
            count=len(given["codes"]),
            numbers=numbers,
        )
    )
    if len(done) == 1 and len(given["codes"]) == 1:
        return url_for("samples.show", code=given["codes"][0])
    return url_for("custody.work", list=WorkList.TO_DESTROY.value)


@bp.route("/samples/release", methods=["GET", "POST"])
@requires(Permission.SAMPLE_RELEASE)
def release() -> Page:
    """Let samples be used again, now that a consent allows keeping them."""
    form = ReleaseForm(codes=scanned())
    if form.validate_on_submit():

        def let_go() -> str:
            tubes = quarantine.release(current_actor(), **form.cleaned)
            notify(T("Tubes released from quarantine: {count}.", count=len(tubes)))
            return url_for("samples.show", code=tubes[0].code)

        with form.refusals():
            return redirect_once(form, let_go)
    return render_form("samples/release.html", form=form)


@bp.get("/destructions/<number>.pdf")
@requires(Permission.CUSTODY_READ)
def certificate(number: str) -> Response:
    """The certificate that samples were destroyed, in the reader's language."""
    actor = current_actor()
    found = queries.get(actor, number)
    printing = Printing(
        translate=language.translate, language=language.current(), printed_by=actor.name
    )
    return pdf_response(printed(found, printing), pdf_file_name("destruction", number))
