"""Signing in and out, one's own account, and the administration of accounts."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries, service, signing_in
from registry.kernel.errors import TooManyAttempts, Unauthenticated
from registry.kernel.messages import T
from registry.web import confirming, guards
from registry.web.forms import accounts as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import (
    before_password_is_chosen,
    browser_session,
    current_actor,
    open_to_all,
    requires,
)
from registry.web.language import current as current_language
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.paths import own_path

bp = Blueprint("accounts", __name__)

Page = Response | tuple[str, int]


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Page:
    """Ask who is there; a name that does not exist gets the same answer as a wrong password."""
    form = forms.SignInForm()
    wanted = request.form.get("next") or request.args.get("next") or ""
    if guards.signed_in() is not None:
        return redirect(own_path(wanted), code=303)
    if form.validate_on_submit():
        try:
            actor = signing_in.sign_in(**form.cleaned, address=request.remote_addr or "")
        except (Unauthenticated, TooManyAttempts) as refusal:
            form.attach(refusal)
        else:
            language = queries.preferences(actor).language or session.get("language")
            browser_session().begin_again(actor.id, language=language)
            browser_session().note_confirmed()
            return redirect(own_path(wanted), code=303)
    return render_form("accounts/sign_in.html", form=form, next=wanted)


@bp.post("/sign-out")
@requires(Permission.ACCOUNT_OWN)
@before_password_is_chosen
def sign_out() -> Response:
    """End the session."""
    signing_in.sign_out(current_actor())
    browser_session().begin_again(None, language=current_language())
    notify(T("You have signed out."))
    return redirect(url_for(".sign_in"), code=303)


@bp.route("/confirm", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def confirm() -> Page:
    """Ask for the password again, then go on to the page that needed it."""
    form = forms.ConfirmForm()
    if form.validate_on_submit() and confirming.proved(form):
        return redirect(confirming.take_way_back(), code=303)
    return render_form("accounts/confirm.html", form=form, carried=())


@bp.get("/account")
@requires(Permission.ACCOUNT_OWN)
def own() -> str:
    """What the registry knows of the person who looks: roles, and what can be changed."""
    kept = guards.preferences()
    return render_template(
        "accounts/own.html",
        actor=current_actor(),
        sites={site.id: site.name for site in queries.sites()},
        preferences=forms.PreferencesForm(shortcuts=kept is None or kept.shortcuts),
    )


@bp.post("/account/preferences")
@requires(Permission.ACCOUNT_OWN)
def preferences() -> Response:
    """Keep the present language and whether shortcuts work."""
    form = forms.PreferencesForm()
    if form.validate_on_submit():
        service.set_preferences(current_actor(), language=current_language(), **form.cleaned)
        notify(T("Your preferences have been kept."))
    return redirect(url_for(".own"), code=303)


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@before_password_is_chosen
def password() -> Page:
    """Change one's own password; other browsers are signed out."""
    form, actor = forms.PasswordChangeForm(), current_actor()
    if form.validate_on_submit():
        with form.refusals():
            service.change_password(actor, current=form.cleaned["current"], new=form.cleaned["new"])
            browser_session().begin_again(actor.id, language=current_language())
            notify(T("Your password has been changed. Other browsers have been signed out."))
            return redirect(url_for("home.show"), code=303)
    return render_form(
        "accounts/password.html", form=form, must_change=guards.must_choose_password()
    )


@bp.get("/accounts")
@requires(Permission.ACCOUNT_MANAGE)
def people() -> str:
    """Every account and every site."""
    return render_template(
        "accounts/people.html", users=queries.users(current_actor()), sites=queries.sites()
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new() -> Page:
    """Open an account."""
    form = forms.UserForm()
    if form.validate_on_submit():

        def open_account() -> str:
            user = service.create_user(current_actor(), **form.cleaned)
            notify(T("The account of {name} is open. Now give it a role.", name=user.name))
            return url_for(".person", user_id=user.id)

        with form.refusals():
            return redirect_once(form, open_account)
    return render_form("accounts/new.html", form=form)


@bp.route("/accounts/sites/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def new_site() -> Page:
    """Open a site."""
    form = forms.SiteForm()
    if form.validate_on_submit():

        def open_site() -> str:
            site = service.create_site(current_actor(), **form.cleaned)
            notify(T("The site {name} is open.", name=site.name))
            return url_for(".people")

        with form.refusals():
            return redirect_once(form, open_site)
    return render_form("accounts/new_site.html", form=form)


def _person_page(user_id: int, **own_forms: SchemaForm) -> tuple[str, int]:
    """The page of one account; a refused form among `own_forms` replaces the fresh one."""
    shown = {
        "grant": forms.GrantForm(queries.sites(), formdata=None),
        "reset": forms.PasswordResetForm(formdata=None),
        **own_forms,
    }
    refused = next(iter(own_forms.values()), shown["grant"])
    return render_form(
        "accounts/person.html",
        form=refused,
        user=queries.user(current_actor(), user_id),
        is_self=current_actor().id == user_id,
        revoke_form=lambda held: forms.RevokeForm(formdata=None, grant_id=held.id),
        act_form=forms.ActForm(formdata=None),
        **{f"{name}_form": form for name, form in shown.items()},
    )


@bp.get("/accounts/<int:user_id>")
@requires(Permission.ACCOUNT_MANAGE)
def person(user_id: int) -> Page:
    """One account with its roles."""
    return _person_page(user_id)


@bp.post("/accounts/<int:user_id>/roles")
@requires(Permission.ACCOUNT_MANAGE)
def grant(user_id: int) -> Page:
    """Give a role."""
    form = forms.GrantForm(queries.sites())
    if form.validate_on_submit():

        def give() -> str:
            service.grant(current_actor(), user_id, **form.cleaned)
            notify(T("The role has been given."))
            return url_for(".person", user_id=user_id)

        with form.refusals():
            return redirect_once(form, give)
    return _person_page(user_id, grant=form)


@bp.post("/accounts/<int:user_id>/roles/revoke")
@requires(Permission.ACCOUNT_MANAGE)
def revoke(user_id: int) -> Page:
    """Take a role back."""
    form = forms.RevokeForm()
    if form.validate_on_submit():

        def take_back() -> str:
            service.revoke(current_actor(), user_id, **form.cleaned)
            notify(T("The role has been taken back."))
            return url_for(".person", user_id=user_id)

        with form.refusals():
            return redirect_once(form, take_back)
    return _person_page(user_id, revoked=form)


@bp.post("/accounts/<int:user_id>/password")
@requires(Permission.ACCOUNT_MANAGE)
def reset_password(user_id: int) -> Page:
    """Give a temporary password."""
    form = forms.PasswordResetForm()
    if form.validate_on_submit():

        def reset() -> str:
            service.reset_password(current_actor(), user_id, **form.cleaned)
            notify(T("The temporary password is set. Hand it over in person or by telephone."))
            return url_for(".person", user_id=user_id)

        with form.refusals():
            return redirect_once(form, reset)
    return _person_page(user_id, reset=form)


@bp.post("/accounts/<int:user_id>/disable")
@requires(Permission.ACCOUNT_MANAGE)
def disable(user_id: int) -> Page:
    """Close the account."""
    form = forms.ActForm()

    def close() -> str:
        service.disable(current_actor(), user_id)
        notify(T("The account is disabled and its sessions have ended."))
        return url_for(".person", user_id=user_id)

    with form.refusals():
        return redirect_once(form, close)
    return _person_page(user_id, act=form)


@bp.post("/accounts/<int:user_id>/enable")
@requires(Permission.ACCOUNT_MANAGE)
def enable(user_id: int) -> Page:
    """Open the account again."""
    form = forms.ActForm()

    def reopen() -> str:
        service.enable(current_actor(), user_id)
        notify(T("The account is active again."))
        return url_for(".person", user_id=user_id)

    with form.refusals():
        return redirect_once(form, reopen)
    return _person_page(user_id, act=form)
