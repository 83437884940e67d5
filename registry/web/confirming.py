"""Asking for the password again before what must not be done at somebody else's open screen.

A page marked `fresh` is opened by who gave the password less than five
minutes ago (OWASP ASVS 7.5.3).  Of a page only its path is kept meanwhile,
in the session; what was sent waits in the answer itself, so that nothing typed
is lost and nothing of it is stored.
"""

from collections.abc import Sequence

from flask import Flask, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from registry.accounts import signing_in
from registry.kernel.errors import TooManyAttempts
from registry.web.forms.accounts import ConfirmForm
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import browser_session, current_actor
from registry.web.once import NOT_PAYLOAD
from registry.web.paths import own_path

_WAY_BACK = "confirm_for"
#: Never shown again once it was typed, not even in a hidden field.
_TYPED_ANEW = frozenset({"national_number", "badge", "pin", "again"})


def install(app: Flask) -> None:
    """Ask before each request, after the guards have let it through."""
    app.before_request(check)


def check() -> Response | tuple[str, int] | None:
    """Let the request through, or ask for the password; nothing has been done until then."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "fresh", False) or browser_session().is_confirmed:
        return None
    if request.method in ("GET", "HEAD"):
        session[_WAY_BACK] = request.path
        return redirect(url_for("accounts.confirm"))
    form = ConfirmForm()
    is_answer = "present_password" in request.form
    if is_answer and form.validate() and proved(form):
        return None
    page, status = render_form("accounts/confirm.html", form=form, carried=_carried())
    return page, status if is_answer else 401


def proved(form: SchemaForm) -> bool:
    """Whether the password on the form is the person's; if not, the form says why."""
    try:
        with form.refusals():
            signing_in.confirm(
                current_actor(),
                password=form.cleaned["present_password"],
                address=request.remote_addr or "",
            )
            browser_session().note_confirmed()
            return True
    except TooManyAttempts as refusal:
        form.attach(refusal)
    return False


def take_way_back() -> str:
    """Where the person wanted to go; the first page when that is nowhere."""
    return own_path(session.pop(_WAY_BACK, None))


def _carried() -> Sequence[tuple[str, str]]:
    """What was sent, to be sent again with the password."""
    left_out = NOT_PAYLOAD | _TYPED_ANEW
    return [pair for pair in request.form.items(multi=True) if pair[0] not in left_out]
