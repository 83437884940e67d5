"""Lists of contacts: whom consent allows to contact, and the sealed file that leaves once.

The file is made in memory and stands in the answer itself, beside its
password: neither is kept, and sent again the form shows nothing.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.consents.decision import decide_many
from registry.extracts.holding import hold_still
from registry.identity.contacts import service
from registry.identity.contacts.service import ContactList, Wanted
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.people import ParticipantStatus, Role
from registry.web.forms.base import render_form
from registry.web.forms.contacts import ContactsForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.language import translate
from registry.web.once import shown_once

bp = Blueprint("contacts", __name__, url_prefix="/contacts")

Page = Response | tuple[str, int]


@dataclass(frozen=True)
class Chosen:
    """Who may be contacted among those asked for, and how many may not, by why."""

    allowed: Sequence[Participant]
    left_out: Mapping[str, int]


@bp.route("", methods=["GET", "POST"])
@requires(Permission.CONTACTS_EXPORT)
@fresh
def new() -> Page:
    """Ask who and why, record it, and hand the sealed list over once."""
    form = ContactsForm(
        accounts.sites_of(current_actor(), Role.IDENTITY_OFFICER), participants.cohorts()
    )
    if form.validate_on_submit():
        with form.refusals():
            return shown_once(
                form,
                lambda: _export(form),
                _shown,
                after=url_for(".new"),
                seconds=limits.CONTACTS_SHOWN_SECONDS,
            )
    return render_form("contacts/new.html", form=form)


def _export(form: ContactsForm) -> tuple[ContactList, Chosen]:
    """The list; what consent says is asked in the same unit of work that records it."""
    chosen = _chosen(form)
    made = service.export(
        current_actor(),
        [Wanted(one.person_uid, one.shown_code, one.site_id) for one in chosen.allowed],
        purpose=form.cleaned["purpose"],
        reason=form.cleaned["reason"],
        say=translate,
        left_out=chosen.left_out,
    )
    return made, chosen


def _chosen(form: ContactsForm) -> Chosen:
    """Whom the form means; whoever has not clearly agreed to be contacted is left out."""
    asked = form.cleaned
    codes = asked["codes"] or ()
    found = participants.followed(
        current_actor(),
        participants.Wanted(cohort_id=asked["cohort_id"], site_id=asked["site_id"]),
        codes=codes,
        most=limits.CONTACTS_CONSIDERED_MAX,
    )
    if len(found) > limits.CONTACTS_CONSIDERED_MAX:
        raise RuleBroken(T("These are too many participants at once. Choose one site, or codes."))
    unknown = set(codes) - {one.code for one in found}
    if unknown:
        raise InvalidInput(
            T("These are not at your sites or not in the cohort: {codes}.",
              codes=", ".join(sorted(unknown))),
            field="codes",
        )  # fmt: skip
    enrolled = [one for one in found if one.status is ParticipantStatus.ENROLLED]
    # Nobody withdraws between the answer and the commit of the list.
    hold_still([one.id for one in enrolled])
    decisions = decide_many([one.id for one in enrolled], Use.RECONTACT, clock.today())
    allowed = [one for one in enrolled if decisions[one.id].is_allowed]
    tentative = sum(one.status is ParticipantStatus.TENTATIVE for one in found)
    return Chosen(
        allowed, {"not_allowed": len(enrolled) - len(allowed), "not_confirmed": tentative}
    )


def _shown(handed: tuple[ContactList, Chosen]) -> str:
    made, chosen = handed
    return render_template(
        "contacts/shown.html",
        made=made,
        left_out=chosen.left_out,
        file=b64encode(made.file).decode(),
        minutes=limits.CONTACTS_SHOWN_SECONDS // 60,
    )
