"""The page by which a partner without an account records what arrived.

Always true here: the code is asked with each thing done and nothing is
remembered in between; no script runs; whoever fails learns nothing.
"""

from flask import Blueprint, render_template, request, url_for
from flask.wrappers import Response as FlaskResponse
from werkzeug.wrappers import Response

from registry import documents
from registry.custody.shipments import queries, receipts
from registry.custody.shipments.models import ReceiptLink, Shipment
from registry.custody.shipments.receiving import Receipt
from registry.documents import Stored
from registry.kernel.errors import InvalidInput, TooManyAttempts, Unauthenticated
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.shipping import LineStatus
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.shipments import ReceiptCodeForm, ReceiptForm
from registry.web.guards import open_to_all
from registry.web.once import redirect_once
from registry.web.views.at_home import NO_SCRIPTS

bp = Blueprint("receipts", __name__, url_prefix="/receipt")

Page = Response | tuple[str, int]


@bp.after_request
def keep_apart(response: FlaskResponse) -> FlaskResponse:
    """No script at all, and nothing for search engines."""
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = NO_SCRIPTS
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    return response


@bp.route("/<token>", methods=["GET", "POST"])
@open_to_all
def enter(token: str) -> Page:
    """Ask for the code, then show the tubes; the page is the same whether or not there are any."""
    form = ReceiptCodeForm()
    if form.validate_on_submit():
        code = form.cleaned["code"]
        link = _opened(token, code, form)
        if link is not None:
            shipment = registry_session.get_one(Shipment, link.shipment_id)
            due = queries.lines_of(shipment, LineStatus.SENT)
            empty = ReceiptForm(due, formdata=None, code=code)
            return _tubes(empty, token, shipment)
    return render_form("receipts/enter.html", form=form)


@bp.post("/<token>/arrived")
@open_to_all
def arrived(token: str) -> Page:
    """Record what the partner found."""
    code = request.form.get("code", "")
    gate = ReceiptCodeForm(formdata=None, code=code)
    link = _opened(token, code, gate)
    if link is None:
        return render_form("receipts/enter.html", form=gate)
    shipment = registry_session.get_one(Shipment, link.shipment_id)
    form = ReceiptForm(queries.lines_of(shipment, LineStatus.SENT))
    if form.validate():
        with form.refusals():
            receipt, link_id = _receipt(form), link.id

            def keep() -> str:
                receipts.acknowledge(link_id, receipt)
                return url_for(".thanks")

            return redirect_once(form, keep, by=f"receipt:{link_id}")
    return _tubes(form, token, shipment)


@bp.get("/")
@open_to_all
def thanks() -> str:
    """Say that it was recorded; nothing of the shipment stands here."""
    return render_template("receipts/thanks.html")


def _opened(token: str, code: str, form: SchemaForm) -> ReceiptLink | None:
    """The link that the code opens; None when it does not, which the form then says."""
    try:
        return receipts.open_(token, code, address=request.remote_addr or "")
    except (Unauthenticated, TooManyAttempts) as refusal:
        form.attach(refusal)
    return None


def _tubes(form: SchemaForm, token: str, shipment: Shipment) -> tuple[str, int]:
    return render_form("receipts/tubes.html", form=form, token=token, shipment=shipment)


def _receipt(form: SchemaForm) -> Receipt:
    given = form.cleaned
    return Receipt(
        [*(given["arrived"] or ()), *(given["extra"] or ())],
        damaged=given["damaged"] or (),
        temperature=given["temperature"],
        note=given["note"],
        at=given["at"],
        logger=_logger(),
    )


def _logger() -> Stored | None:
    """The logger's file, safe in the store; None when none was sent.

    :raises InvalidInput: it is too large, or no text.
    """
    file = request.files.get("logger")
    if file is None or not file.filename:
        return None
    content = file.stream.read(limits.LOGGER_BYTES_MAX + 1)
    if not content or len(content) > limits.LOGGER_BYTES_MAX or b"\0" in content:
        raise InvalidInput(
            T("Send the logger’s readings as a CSV file, not larger than allowed."),
            field="logger",
        )
    return documents.put(content)
