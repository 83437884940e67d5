"""Correcting who a participant is, how the person is reached, and which numbers are theirs.

The values of today are shown once, in the answer to a reason that is recorded;
a form that must be put right comes back with what was typed.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.identity import amendment, numbers, refused_numbers
from registry.identity.amendment import Amendable
from registry.identity.contact_data import service as contact_data
from registry.identity.contact_data.queries import Contact
from registry.identity.numbers import HospitalNumber
from registry.identity.traits import Traits
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.identity import Trait
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.national import (
    AmendForm,
    ContactForm,
    CorrectionForm,
    NumberInUseForm,
    NumberRefusalForm,
    NumberReturnForm,
)
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once, shown_once

bp = Blueprint("amendment", __name__, url_prefix="/participants/<code>/identity/correct")

Page = Response | tuple[str, int]


@bp.app_template_global()
def has_undecided_number(participant: Participant) -> bool:
    """Whether somebody has to say which of several numbers of one hospital is in use."""
    return numbers.undecided(participant.person_uid)


@bp.route("", methods=["GET", "POST"])
@requires(Permission.IDENTITY_AMEND)
@fresh
def begin(code: str) -> Page:
    """Ask why, record it, and open the identity to be corrected."""
    actor = current_actor()
    participant = participants.get(actor, code)
    form = CorrectionForm()
    if form.validate_on_submit():
        with form.refusals():
            reason = form.cleaned["reason"]
            return shown_once(
                form,
                lambda: amendment.open_for_amendment(actor, participant.person_uid, reason=reason),
                lambda found: _opened(participant, found, reason),
                after=_back(participant),
                seconds=limits.IDENTITY_CORRECTING_SECONDS,
            )
    return render_form("identity/correct.html", form=form, participant=participant)


def _opened(participant: Participant, found: Amendable, reason: str) -> str:
    """The page with today's values in its forms."""
    traits, contact = found.traits, found.contact
    typed: dict[str, Any] = {trait.value: getattr(traits, trait.value) for trait in Trait}
    if traits.birth_date:
        typed["birth_date"] = traits.birth_date.strftime("%d/%m/%Y")
    amend_form = AmendForm(
        formdata=None, data={**typed, "reason": reason, "version": found.version}
    )
    reached = {
        **contact.as_text(),
        "contact_postal_code": contact.postal_code,
        "contact_town": contact.town,
    }
    return render_template(
        "identity/correcting.html",
        participant=participant,
        form=amend_form,
        amend_form=amend_form,
        contact_form=ContactForm(formdata=None, data=reached),
        found=found,
        number_forms=[_number_form(some) for some in _several(found.numbers)],
    )


def _several(found: Sequence[HospitalNumber]) -> list[list[HospitalNumber]]:
    """The numbers of each hospital that gave more than one."""
    by_site: dict[str, list[HospitalNumber]] = {}
    for one in found:
        by_site.setdefault(one.identifier.site, []).append(one)
    return [some for some in by_site.values() if len(some) > 1]


def _number_form(found: Sequence[HospitalNumber]) -> NumberInUseForm:
    in_use = next((one.id for one in found if one.is_in_use), None)
    return NumberInUseForm(found, formdata=None, data={"number_id": str(in_use)})


def _back(participant: Participant) -> str:
    return url_for("participants.show", code=participant.code)


@bp.post("/traits")
@requires(Permission.IDENTITY_AMEND)
@fresh
def amend(code: str) -> Page:
    """Make what was typed the person's identity."""
    participant = participants.get(current_actor(), code)
    form = AmendForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _amend(participant, form))
    return render_form(
        "identity/correcting.html", form=form, amend_form=form, participant=participant
    )


def _amend(participant: Participant, form: SchemaForm) -> str:
    given = form.cleaned
    done = amendment.amend(
        current_actor(),
        participant.person_uid,
        traits=Traits(**{trait.value: given[trait.value] for trait in Trait}),
        reason=given["reason"],
        expected_version=given["version"],
    )
    notify(T("The identity was corrected. The earlier spelling is kept."))
    if done.lowered_to:
        notify(
            T("Its status is provisional again: check a document and retrieve the INS anew."),
            Notice.WARNING,
        )
    if done.reviews:
        notify(
            T("As corrected, somebody known already may be the same person: decide about it."),
            Notice.WARNING,
        )
    return _back(participant)


@bp.post("/contact")
@requires(Permission.IDENTITY_AMEND)
@fresh
def contact(code: str) -> Page:
    """Keep how the person is reached from now on."""
    participant = participants.get(current_actor(), code)
    form = ContactForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _contact(participant, form))
    return render_form(
        "identity/correcting.html", form=form, contact_form=form, participant=participant
    )


def _contact(participant: Participant, form: SchemaForm) -> str:
    given = form.cleaned
    contact_data.record(
        current_actor(),
        participant.person_uid,
        Contact(
            address=given["address"],
            postal_code=given["contact_postal_code"],
            town=given["contact_town"],
            telephone=given["telephone"],
            other_telephone=given["other_telephone"],
            email=given["email"],
        ),
    )
    notify(T("The contact data were saved."))
    return _back(participant)


@bp.post("/number")
@requires(Permission.IDENTITY_AMEND)
@fresh
def number(code: str) -> Page:
    """Say which of several numbers of one hospital is in use."""
    participant = participants.get(current_actor(), code)
    form = NumberInUseForm()
    if form.validate_on_submit():
        return redirect_once(form, lambda: _number(participant, form))
    return redirect(url_for(".begin", code=participant.code))


def _number(participant: Participant, form: SchemaForm) -> str:
    numbers.put_in_use(current_actor(), participant.person_uid, form.cleaned["number_id"])
    notify(T("The number in use was noted. The others stay as earlier numbers."))
    return _back(participant)


@bp.route("/number/<int:number_id>/refusal", methods=["GET", "POST"])
@requires(Permission.IDENTITY_AMEND)
@fresh
def refuse_number(code: str, number_id: int) -> Page:
    """Say that a hospital number is not the person's."""
    participant = participants.get(current_actor(), code)
    form = NumberRefusalForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _refuse(participant, number_id, form))
    return render_form("identity/refuse_number.html", form=form, participant=participant)


def _refuse(participant: Participant, number_id: int, form: SchemaForm) -> str:
    is_anothers = refused_numbers.refuse(
        current_actor(), participant.person_uid, number_id, reason=form.cleaned["reason"]
    )
    notify(T("The number was taken from this person. It can be given back."))
    if is_anothers:
        notify(T("The other person who came with it has it now."))
    return _back(participant)


@bp.route("/number/<int:refused_id>/return", methods=["GET", "POST"])
@requires(Permission.IDENTITY_AMEND)
@fresh
def return_number(code: str, refused_id: int) -> Page:
    """Say that a hospital number is the person's after all."""
    participant = participants.get(current_actor(), code)
    form = NumberReturnForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _return(participant, refused_id, form))
    return render_form("identity/return_number.html", form=form, participant=participant)


def _return(participant: Participant, refused_id: int, form: SchemaForm) -> str:
    refused_numbers.give_back(
        current_actor(), participant.person_uid, refused_id, reason=form.cleaned["reason"]
    )
    notify(T("The number was given back to this person."))
    return _back(participant)
