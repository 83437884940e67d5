"""Finding samples, one sample's page, and its chain-of-custody form."""

from dataclasses import fields

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.custody import derived, forms as custody_forms, queries, wording
from registry.custody.gains import gain
from registry.custody.inventory import queries as inventories
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant
from registry.participants import queries as participants
from registry.samples import queries as samples
from registry.samples.measuring import queries as measuring
from registry.samples.plans import queries as plans
from registry.storage import queries as storage
from registry.vocab.printing import LabelStock
from registry.web import consenting, language, sample_actions
from registry.web.forms import samples as forms
from registry.web.forms.base import render_form
from registry.web.forms.labels import LabelsForm
from registry.web.guards import current_actor, requires
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("samples", __name__, url_prefix="/samples")

Page = Response | tuple[str, int]


def participant_url(code: str) -> str | None:
    """The participant's page, for those who may open it."""
    if not allows(current_actor(), Permission.PARTICIPANT_READ):
        return None
    return url_for("participants.show", code=code)


# What the macros of several areas say of samples.
bp.add_app_template_global(participant_url)
bp.add_app_template_global(participant.show, "shown_participant")
bp.add_app_template_global(wording.held_by, "held_by")
bp.add_app_template_global(wording.remarks, "remarks")
bp.add_app_template_global(wording.act_name, "act_name")


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the sample that bears `code`, for the scan field."""
    if not allows(actor, Permission.SAMPLE_READ) or not queries.listed(actor, [code]):
        return None
    return url_for("samples.show", code=code)


@bp.route("/find", methods=["GET", "POST"])
@requires(Permission.SAMPLE_READ)
def find() -> Page:
    """Scan a tube, see its page."""
    form = forms.FindForm()
    if form.validate_on_submit():
        with form.refusals():
            found = samples.by_scan(current_actor(), form.cleaned["code"])
            return redirect(url_for(".show", code=found.code), code=303)
    return render_form("samples/find.html", form=form)


@bp.get("")
@requires(Permission.SAMPLE_READ)
def index() -> tuple[str, int]:
    """The samples of the actor's sites, newest first, filtered."""
    actor = current_actor()
    form = forms.SampleFilterForm(
        accounts.sites_of(actor, *samples.READERS),
        ((cohort.id, cohort.name) for cohort in participants.cohorts()),
    )
    given = dict(form.cleaned)
    asked = {name: given.pop(name, None) for name in ("use", "consenting")}
    sought = queries.Sought(
        **{one.name: given.pop(one.name, None) for one in fields(queries.Sought)}
    )
    wanted = queries.Wanted(status=given.pop("held", None), sample_types=sought.types, **given)
    return render_form(
        "samples/index.html",
        form=form,
        found=consenting.page_of(
            lambda after, most: queries.page(actor, wanted, after=after, most=most),
            lambda line: line.participant_id,
            asked,
            request.args.get("after"),
            also=sought.keep if sought.is_anything else None,
        ),
        chosen={name: value for name, value in form.cleaned.items() if value is not None},
    )


def home_of(tube: queries.SamplePage) -> str | None:
    """The cell that is kept for a sample while somebody has it, in words."""
    if tube.loan is None or tube.box_id is None or tube.cell is None:
        return None
    return f"{storage.in_words(storage.way_to(tube.box_id))} · {tube.cell}"


@bp.get("/<path:code>")
@requires(Permission.SAMPLE_READ)
def show(code: str) -> str:
    """One sample: what it is, where it is, where it comes from, what can be done, what was done."""
    actor = current_actor()
    tube = queries.sample_page(actor, code)
    # What was done to the parent afterwards is on the parent's own page.
    chain = queries.chain(actor, code)
    own = [line for line in chain if not line.is_after_separation]
    made = request.args.get("made", 0, type=int)
    content = measuring.content(tube.sample.id)
    return render_template(
        "samples/show.html",
        tube=tube,
        sample=tube.sample,
        about_code=tube.sample.code,
        home=home_of(tube),
        not_found=inventories.not_found(actor, tube.sample.code),
        lines=own[::-1],
        derived=derived.of([tube.sample.id])[tube.sample.id],
        content=content,
        amounts=content.amounts(tube.sample.remaining, tube.sample.unit),
        gained=gain(chain, tube.sample.code, content),
        planned=plans.progress(actor, [tube.sample.id]).get(tube.sample.id, ()),
        actions=sample_actions.for_sample(actor, tube),
        barred_by=_withdrawal_of(tube),
        new_codes=[child.code for child in tube.children[-made:]] if made > 0 else [],
        label_form=LabelsForm(formdata=None),
        label_stock=LabelStock.CRYO_SHEET.value,
    )


def _withdrawal_of(tube: queries.SamplePage) -> int | None:
    """The withdrawal for which the sample must not be used."""
    kind, _, number = (tube.barred.cause if tube.barred else "").partition(":")
    return int(number) if kind == "withdrawal" else None


@bp.get("/<path:code>/custody.pdf")
@requires(Permission.CUSTODY_READ)
def custody_form(code: str) -> Response:
    """The chain-of-custody form of one sample, in the reader's language."""
    actor = current_actor()
    chain = custody_forms.chain_of(queries.sample_page(actor, code), queries.chain(actor, code))
    printing = custody_forms.Printing(
        translate=language.translate,
        language=language.current(),
        printed_by=actor.name,
        printed_at=clock.now(),
    )
    return pdf_response(custody_forms.custody_form(chain, printing), pdf_file_name("custody", code))
