"""Badges: one's own with its PIN, and those of colleagues, on the pages of their accounts."""

from collections.abc import Callable

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.accounts.badges import queries, service
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.web.forms.badges import BadgeEndForm, BadgeForm, OwnBadgeForm, PinForm
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("badges", __name__)

Page = Response | tuple[str, int]

_PERSON = "/accounts/<int(max=2147483647):user_id>/badge"


def page_of(actor: Actor, code: str) -> str | None:
    """The first page, which says what a badge is for; the code itself is shown nowhere."""
    if not queries.is_badge(actor, code):
        return None
    notify(T("This is a badge. It is scanned where a second person signs; here it does nothing."))
    return url_for("home.show")


def _own_page(**sent: SchemaForm) -> tuple[str, int]:
    """The page of one's own badge; a refused form among `sent` replaces the fresh one."""
    shown = {
        "enrol": OwnBadgeForm(formdata=None),
        "pin": PinForm(formdata=None),
        "end": BadgeEndForm(formdata=None),
        **sent,
    }
    return render_form(
        "accounts/badge.html",
        form=next(iter(sent.values()), shown["enrol"]),
        badge=queries.own(current_actor()),
        **{f"{name}_form": form for name, form in shown.items()},
    )


def _own_act(name: str, form: SchemaForm, act: Callable[[], object], done: Message) -> Page:
    """Do it once, say so on the page of one's own badge, or show there why not."""
    if form.validate_on_submit():

        def do() -> str:
            act()
            notify(done)
            return url_for(".own")

        with form.refusals():
            return redirect_once(form, do)
    return _own_page(**{name: form})


@bp.get("/account/badge")
@requires(Permission.ACCOUNT_OWN)
@fresh
def own() -> Page:
    """Whether one has a badge, and what can be done about it."""
    return _own_page()


@bp.post("/account/badge")
@requires(Permission.ACCOUNT_OWN)
@fresh
def enrol() -> Page:
    """Enrol one's own badge, instead of the one before."""
    form = OwnBadgeForm()
    return _own_act(
        "enrol",
        form,
        lambda: service.enrol(
            current_actor(), badge=form.cleaned["badge"], pin=form.cleaned["pin"]
        ),
        T("Your badge is enrolled."),
    )


@bp.post("/account/badge/pin")
@requires(Permission.ACCOUNT_OWN)
@fresh
def pin() -> Page:
    """Choose another PIN."""
    form = PinForm()
    return _own_act(
        "pin",
        form,
        lambda: service.set_pin(current_actor(), pin=form.cleaned["pin"]),
        T("The PIN of your badge is set."),
    )


@bp.post("/account/badge/end")
@requires(Permission.ACCOUNT_OWN)
@fresh
def end() -> Page:
    """Say that one's own badge is lost or given back."""
    form = BadgeEndForm()
    return _own_act(
        "end",
        form,
        lambda: service.give_up(current_actor(), **form.cleaned),
        T("Your badge proves nothing any more."),
    )


def _persons_page(user_id: int, **sent: SchemaForm) -> tuple[str, int]:
    """The page of a colleague's badge; a refused form among `sent` replaces the fresh one."""
    actor = current_actor()
    shown = {
        "enrol": BadgeForm(formdata=None),
        "end": BadgeEndForm(formdata=None),
        **sent,
    }
    return render_form(
        "accounts/persons_badge.html",
        form=next(iter(sent.values()), shown["enrol"]),
        user=accounts.user(actor, user_id),
        badge=queries.of_person(actor, user_id),
        is_self=actor.id == user_id,
        **{f"{name}_form": form for name, form in shown.items()},
    )


@bp.get(_PERSON)
@requires(Permission.ACCOUNT_MANAGE)
def persons(user_id: int) -> Page:
    """Whether a colleague has a badge, and what can be done about it."""
    return _persons_page(user_id)


@bp.post(_PERSON)
@requires(Permission.ACCOUNT_MANAGE)
@fresh
def enrol_for(user_id: int) -> Page:
    """Enrol a colleague's badge; the colleague chooses the PIN."""
    form = BadgeForm()
    if form.validate_on_submit():

        def do() -> str:
            service.enrol_for(current_actor(), user_id, **form.cleaned)
            notify(T("The badge is enrolled. Its owner chooses the PIN on their own page."))
            return url_for(".persons", user_id=user_id)

        with form.refusals():
            return redirect_once(form, do)
    return _persons_page(user_id, enrol=form)


@bp.post(f"{_PERSON}/end")
@requires(Permission.ACCOUNT_MANAGE)
def revoke(user_id: int) -> Page:
    """End a colleague's badge."""
    form = BadgeEndForm()
    if form.validate_on_submit():

        def do() -> str:
            service.revoke(current_actor(), user_id, **form.cleaned)
            notify(T("The badge proves nothing any more."))
            return url_for(".persons", user_id=user_id)

        with form.refusals():
            return redirect_once(form, do)
    return _persons_page(user_id, end=form)
