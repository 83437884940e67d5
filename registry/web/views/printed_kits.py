"""Kits printed in advance: printing them, what waits, and using one for a participant."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.labels import printing, sheets
from registry.labels.layout import Content
from registry.participants import queries as participants
from registry.samples.kits import queries, service
from registry.samples.kits.models import PrintedKit
from registry.vocab.labels import label
from registry.vocab.printing import LabelPurpose, Token
from registry.vocab.scanning import ScanCommand
from registry.web import language
from registry.web.forms.base import render_form
from registry.web.forms.printed_kits import PrintAgainForm, PrintKitsForm, UseKitForm
from registry.web.guards import current_actor, requires
from registry.web.pdf import pdf_file_name, pdf_response
from registry.web.speech import speech

bp = Blueprint("printed_kits", __name__, url_prefix="/kits")

Page = Response | tuple[str, int]


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the printed kit that bears `code`, for the scan field."""
    printed = _found(actor, code)
    return None if printed is None else url_for("printed_kits.show", code=printed.code)


def page_with(actor: Actor, code: str, participant_code: str) -> str | None:
    """The address at which the printed kit that bears `code` is registered for the participant.

    None when it is no printed kit, was used, or the person registers no kits there.
    """
    printed = _found(actor, code)
    if printed is None or printed.collection_id is not None:
        return None
    participant = participants.get(actor, participant_code)
    if not allows(actor, Permission.VISIT_RECORD, participant):
        return None
    return url_for("kits.new", code=participant.code, printed=printed.code)


def _found(actor: Actor, code: str) -> PrintedKit | None:
    if not allows(actor, Permission.KIT_PRINT):
        return None
    try:
        return queries.get(actor, code)
    except NotFound:
        return None


@bp.route("", methods=["GET", "POST"])
@requires(Permission.KIT_PRINT)
def index() -> Page:
    """Print kits in advance, and see how many wait to be used."""
    actor = current_actor()
    form = PrintKitsForm(participants.cohorts(), accounts.sites_of(actor, *queries.PRINTERS))
    if form.validate_on_submit():
        with form.refusals():
            given = form.cleaned
            sheets.check_first(given["stock"], given["first"] or 1)
            made = service.print_kits(
                actor, kit_id=given["kit"], site_id=given["site_id"], count=given["count"]
            )
            return _labels(made, given, "kits.pdf")
    return render_form("printed_kits/index.html", form=form, waiting=queries.waiting(actor))


@bp.get("/commands")
@requires(Permission.KIT_PRINT)
def commands() -> Response:
    """A card of the barcodes that say what to do, to keep beside the keyboard."""
    card = [
        Content(LabelPurpose.PLACE, one.value, {Token.NAME: language.translate(label(one))})
        for one in ScanCommand
    ]
    given = {"stock": PrintAgainForm(formdata=None).stock.default, "first": None}
    return _sheet(card, given, "commands.pdf")


@bp.get("/<code>")
@requires(Permission.KIT_PRINT)
def show(code: str) -> Page:
    """A printed kit: its tubes, and whose it is."""
    printed = queries.get(current_actor(), code)
    return render_form(
        "printed_kits/show.html",
        form=UseKitForm(formdata=None),
        again=PrintAgainForm(formdata=None),
        printed=printed,
    )


@bp.post("/<code>")
@requires(Permission.VISIT_RECORD)
def use(code: str) -> Page:
    """Go on to registering the kit for the participant who was scanned."""
    actor = current_actor()
    printed = queries.get(actor, code)
    form = UseKitForm()
    if form.validate_on_submit():
        with form.refusals():
            service.check_unused(printed)
            participant = participants.get(actor, form.cleaned["participant"])
            return redirect(
                url_for("kits.new", code=participant.code, printed=printed.code), code=303
            )
    again = PrintAgainForm(formdata=None)
    return render_form("printed_kits/show.html", form=form, again=again, printed=printed)


@bp.post("/<code>/labels")
@requires(Permission.KIT_PRINT)
def again(code: str) -> Page:
    """The labels of one kit once more."""
    printed = queries.get(current_actor(), code)
    form = PrintAgainForm()
    if form.validate_on_submit():
        with form.refusals():
            return _labels([printed], form.cleaned, pdf_file_name("kit", printed.code))
    return render_form("printed_kits/again.html", form=form, printed=printed)


def _labels(printed: Sequence[PrintedKit], given: dict[str, Any], name: str) -> Response:
    return _sheet([one for kit in printed for one in _contents(kit)], given, name)


def _sheet(contents: Sequence[Content], given: dict[str, Any], name: str) -> Response:
    made = printing.sheet(
        current_actor(),
        contents,
        given["stock"],
        first=given["first"] or 1,
        title=language.translate(T("Labels")),
        language=language.current(),
    )
    return pdf_response(made, name)


def _contents(printed: PrintedKit) -> Iterator[Content]:
    """The label of the bag, then those of its tubes in their order."""
    cohort, words = printed.kit.cohort, speech()
    kind = language.translate(T("Kit"))
    yield Content(
        LabelPurpose.PLACE,
        printed.code,
        {Token.NAME: printed.kit.name, Token.KIND: kind, Token.INSIDE: cohort.name},
    )
    for tube in printed.tubes:
        planned = tube.kit_tube
        yield Content(
            LabelPurpose.PRIMARY,
            tube.code,
            {
                Token.COHORT: cohort.code,
                Token.TYPE: planned.sample_type.value,
                Token.TYPE_NAME: language.translate(label(planned.sample_type)),
                Token.CONTAINER: planned.container_type.value,
                Token.VOLUME: words.quantity(planned.nominal_volume, planned.unit),
            },
        )
