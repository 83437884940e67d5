"""What goes along with a shipment: its manifest, the link for the partner, the logger's file."""

from flask import Blueprint, Response as FlaskResponse, current_app, render_template, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from registry import documents
from registry.access import Permission
from registry.custody.forms import Printing
from registry.custody.shipments import manifest, printing, queries, receipts
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.vocab import limits
from registry.web import language
from registry.web.forms import shipments as forms
from registry.web.guards import current_actor, requires
from registry.web.once import shown_once
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("shipment_papers", __name__, url_prefix="/shipments")


@bp.post("/<code>/link")
@requires(Permission.SHIPMENT_PREPARE)
def link(code: str) -> Response:
    """Make a link and a code for the partner, and show them once."""
    actor = current_actor()
    shipment = queries.by_code(actor, code)
    form = forms.ButtonForm()
    form.validate()

    def show_both(made: receipts.Made) -> str:
        path = url_for("receipts.enter", token=made.token)
        address = f"{current_app.config['PUBLIC_URL'].rstrip('/')}{path}"
        return render_template("shipments/link.html", shipment=shipment, made=made, address=address)

    return shown_once(
        form,
        lambda: receipts.make_link(actor, shipment.id),
        show_both,
        after=url_for("shipments.show", code=shipment.code),
        seconds=limits.LINK_SHOWN_SECONDS,
    )


@bp.get("/<code>/logger.csv")
@requires(Permission.SHIPMENT_READ)
def logger(code: str) -> FlaskResponse:
    """What the temperature logger recorded, as the receiver sent it."""
    shipment = queries.by_code(current_actor(), code)
    if shipment.logger is None:
        raise NotFound(T("No file of a temperature logger came with this shipment."))
    response = FlaskResponse(documents.get(shipment.logger.ref), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{shipment.logger.name}"'
    return response


@bp.get("/<code>/manifest-<any(fr, en):spoken>.pdf")
@requires(Permission.SHIPMENT_READ)
def printed(code: str, spoken: str) -> FlaskResponse:
    """The manifest for the bag, to be printed; before the bag leaves, its packing slip."""
    actor = current_actor()
    shipment = queries.by_code(actor, code)
    with force_locale(spoken):
        how = Printing(translate=language.translate, language=spoken, printed_by=actor.name)
        content = printing.manifest(shipment, queries.lines_of(shipment), how)
    return pdf_response(content, pdf_file_name("manifest", shipment.code))


@bp.get("/<code>/manifest.json")
@requires(Permission.SHIPMENT_READ)
def signed(code: str) -> FlaskResponse:
    """The signed manifest, for whoever receives the shipment."""
    shipment = queries.by_code(current_actor(), code)
    content = manifest.signed(shipment)
    if content is None:
        raise NotFound(T("The manifest is signed when the shipment is sent."))
    response = FlaskResponse(content, mimetype="application/json")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="manifest-{shipment.code}.json"'
    )
    return response
