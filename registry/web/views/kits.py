"""Registering the tubes of a kit, and the page of a kit with its labels."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows, require
from registry.consents.decision import Decision, queries as decisions
from registry.custody import queries as custody, service as custody_acts
from registry.custody.service import TubeIn
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_codes, tube as tube_codes
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants import queries, service
from registry.participants.models import KitDefinition, KitTube, Participant, VisitPlan
from registry.samples.kits import queries as printed_kit_queries, service as printed_kits
from registry.samples.kits.models import PrintedKit
from registry.samples.models import Sample
from registry.samples.plans import queries as plans
from registry.vocab.consent import Use
from registry.web import label_desk
from registry.web.forms.base import render_form
from registry.web.forms.kits import UNPLANNED, KitChoiceForm, KitForm
from registry.web.forms.labels import LabelsForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("kits", __name__, url_prefix="/participants")

Page = Response | tuple[str, int]


def page_with(actor: Actor, code: str, participant_code: str) -> str | None:
    """The address at which a tube whose label is new here is the first drawn from the participant.

    None when the person registers no tubes there, when there is no kit, or when a
    participant's card was scanned: it belongs to nobody whom the person sees.
    """
    if participant_codes.is_valid(participant_codes.plain(code)):
        return None
    participant = queries.get(actor, participant_code)
    if not allows(actor, Permission.VISIT_RECORD, participant) or not participant.cohort.kits:
        return None
    return url_for("kits.new", code=participant.code, first=code)


@bp.route("/<code>/kits/new", methods=["GET", "POST"])
@requires(Permission.VISIT_RECORD)
def new(code: str) -> Page:
    """Scan the tubes of a kit: all are registered, or none."""
    actor = current_actor()
    participant = queries.get(actor, code)
    require(actor, Permission.VISIT_RECORD, participant)
    plans, kits = participant.cohort.visit_plans, participant.cohort.kits
    choice = KitChoiceForm(plans, kits)
    printed = _printed(actor, choice.cleaned.get("printed"))
    asked = printed.kit_id if printed else choice.cleaned.get("kit")
    plan, kit = _chosen(participant, choice.cleaned.get("visit"), asked)
    choice.visit.data = str(plan.id if plan else UNPLANNED)
    choice.kit.data = str(kit.id)
    codes = {tube.kit_tube_id: tube.code for tube in printed.tubes} if printed else {}
    if first := choice.cleaned.get("first"):
        codes = {kit.tubes[0].id: first} | codes
    form = KitForm(kit.tubes, codes)
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(
                form, lambda: _register(actor, participant, plan, kit, form, printed)
            )
    return render_form(
        "kits/new.html",
        form=form,
        choice=choice,
        participant=participant,
        plan=plan,
        kit=kit,
        printed=printed,
        refusals=_refusals(decisions.standing(actor, participant.id)),
        again=any(
            taken.kit_id == kit.id
            for visit in participant.visits
            if plan and visit.plan_id == plan.id
            for taken in visit.kits
        ),
    )


@bp.get("/<code>/kits/<int:collection_id>")
@requires(Permission.PARTICIPANT_READ)
def show(code: str, collection_id: int) -> str:
    """A kit that was drawn: its tubes, what is missing, and the labels."""
    actor = current_actor()
    collection = queries.get_collection(actor, code, collection_id)
    participant = collection.visit.participant
    drawn = [
        sample
        for sample in custody.of_participant(actor, participant.id)
        if sample.collected_at == collection.collected_at and sample.parent_code is None
    ]
    return render_template(
        "kits/show.html",
        participant=participant,
        collection=collection,
        drawn=drawn,
        planned=plans.progress(actor, [sample.id for sample in drawn]),
        label_form=LabelsForm(formdata=None),
    )


def _refusals(standing: Mapping[Use, Decision]) -> Collection[Decision]:
    """Why no tube may be registered today, each reason once."""
    asked = (standing[Use.COLLECT], standing[Use.STORE])
    return {one.rule: one for one in asked if not one.is_allowed}.values()


def _chosen(
    participant: Participant, visit: int | None, kit: int | None
) -> tuple[VisitPlan | None, KitDefinition]:
    """The planned visit (None: not planned) and the kit; those that are due when not named.

    :raises NotFound: the cohort has no such visit or kit.
    """
    plan = _plan(participant, visit)
    kits = {one.id: one for one in participant.cohort.kits}
    if kit is not None and kit in kits:
        return plan, kits[kit]
    usual = [*(plan.kits if plan else ()), *kits.values()]
    if kit is not None or not usual:
        raise NotFound(T("The cohort has no such kit."))
    return plan, usual[0]


def _printed(actor: Actor, code: str | None) -> PrintedKit | None:
    """The printed kit that was scanned, to be used here.

    :raises NotFound: there is none at the actor's sites.
    :raises RuleBroken: it was used already.
    """
    if code is None:
        return None
    printed = printed_kit_queries.get(actor, code)
    printed_kits.check_unused(printed)
    return printed


def _plan(participant: Participant, visit: int | None) -> VisitPlan | None:
    planned = queries.planned_visits(participant)
    if visit is None:
        today = clock.today()
        waiting = [one for one in planned if one.visit is None and one.earliest <= today]
        in_window = [one for one in waiting if today <= one.latest]
        return next((one.plan for one in [*in_window, *reversed(waiting)]), None)
    if visit == UNPLANNED:
        return None
    for one in planned:
        if one.plan.id == visit:
            return one.plan
    raise NotFound(T("The cohort has no such visit."))


def _register(
    actor: Actor,
    participant: Participant,
    plan: VisitPlan | None,
    kit: KitDefinition,
    form: KitForm,
    printed: PrintedKit | None,
) -> str:
    """Record the visit, the kit and its tubes; where to go on."""
    expected, tubes = kit.tubes, form.cleaned["tubes"]
    if len(tubes) != len(expected):
        raise InvalidInput(T("The page was incomplete. Open it again and repeat what you did."))
    collected_at = form.cleaned["collected_at"] or clock.now()
    visit = service.open_visit(
        actor,
        participant.id,
        plan_id=plan.id if plan else None,
        occurred_on=clock.to_paris(collected_at).date(),
    )
    pairs = list(zip(expected, tubes, strict=True))
    collection = service.record_kit(
        actor,
        visit.id,
        kit_id=kit.id,
        collected_at=collected_at,
        missing={tube.id: given["missing"] for tube, given in pairs if given["missing"]},
    )
    if printed is not None:
        printed_kits.use(actor, printed.id, collection)
    samples = custody_acts.register_tubes(
        actor,
        participant_id=participant.id,
        visit_id=visit.id,
        collected_at=collected_at,
        tubes=[_drawn(tube, given) for tube, given in pairs if not given["missing"]],
    )
    issued = [given["code"] is None for _tube, given in pairs if not given["missing"]]
    fresh = [sample.code for sample, is_ours in zip(samples, issued, strict=True) if is_ours]
    _tell(samples, is_printed=label_desk.print_new(actor, fresh, site_id=participant.site_id))
    return url_for(".show", code=participant.code, collection_id=collection.id)


def _drawn(expected: KitTube, given: Mapping[str, Any]) -> TubeIn:
    return TubeIn(
        sample_type=expected.sample_type,
        container_type=expected.container_type,
        volume=given["volume"] or expected.nominal_volume,
        unit=expected.unit,
        code=given["code"],
        kit_tube_id=expected.id,
        type_term=expected.type_term,
        container_term=expected.container_term,
    )


def _tell(samples: Sequence[Sample], *, is_printed: bool) -> None:
    told = T("{count} tubes are registered.", count=len(samples))
    if not is_printed:
        told = T("{count} tubes are registered. Print their labels if they have none.",
                 count=len(samples))  # fmt: skip
    notify(told)
    foreign = [sample.code for sample in samples if not tube_codes.has_own_shape(sample.code)]
    if foreign:
        notify(
            T("Not printed here, taken as they are: {codes}. Check them once more.",
              codes=", ".join(foreign)),
            Notice.INFO,
        )  # fmt: skip
