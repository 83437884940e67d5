"""Closed by default: who may reach a view, said on the view and checked before it.

A view without `@requires` or `@open_to_all` is refused to everybody.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.accounts import queries
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted, Unauthenticated, Unavailable
from registry.kernel.messages import T
from registry.web.sessions import BrowserSession

View = TypeVar("View", bound=Callable[..., Any])

#: Files that are the same for everybody; their views are Flask's own and cannot be marked.
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})


class _Marked(Protocol):
    permission: Permission
    open_to_all: bool
    before_password_is_chosen: bool
    fresh: bool


def requires(permission: Permission) -> Callable[[View], View]:
    """Open the view to signed-in people who may ever have this permission."""

    def mark(view: View) -> View:
        cast(_Marked, view).permission = permission
        return view

    return mark


def open_to_all(view: View) -> View:
    """Open the view to everybody, signed in or not."""
    cast(_Marked, view).open_to_all = True
    return view


def before_password_is_chosen(view: View) -> View:
    """Leave the view open to a person who must choose a password before anything else."""
    cast(_Marked, view).before_password_is_chosen = True
    return view


def fresh(view: View) -> View:
    """Have whoever opens the view give the password again, unless they just did.

    `registry.web.confirming` asks.
    """
    cast(_Marked, view).fresh = True
    return view


def install(app: Flask) -> None:
    """Ask before each request."""
    app.before_request(check)


def check() -> Response | None:
    """Let the request through, send it to the sign-in page, or refuse it.

    :raises NotPermitted: the view is undeclared, or the person may never have its permission.
    :raises Unavailable: the database cannot be asked who this is.
    """
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    if browser_session().unreadable:
        raise Unavailable(T("The registry's database does not answer. Try again in a few minutes."))
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "open_to_all", False):
        return None
    permission = getattr(view, "permission", None)
    if permission is None:
        raise NotPermitted(T("This page is closed: nobody has said who may open it."))
    actor = signed_in()
    if actor is None:
        return redirect(url_for("accounts.sign_in", next=_way_back()))
    require(actor, permission)
    if must_choose_password() and not getattr(view, "before_password_is_chosen", False):
        return redirect(url_for("accounts.password"))
    return None


def _way_back() -> str | None:
    """Where to return after the sign-in: pages only, without what was asked of them."""
    return request.path if request.method == "GET" and request.path != "/" else None


def browser_session() -> BrowserSession:
    """This request's session, as our own class."""
    return cast(BrowserSession, session)


def signed_in() -> Actor | None:
    """The person who is signed in, with the roles held at this moment."""
    if "actor" not in g:
        user_id = browser_session().user_id
        g.actor = None if user_id is None else queries.actor_for(user_id)
    return cast("Actor | None", g.actor)


def current_actor() -> Actor:
    """The person who is signed in.

    :raises Unauthenticated: nobody is.
    """
    actor = signed_in()
    if actor is None:
        raise Unauthenticated(T("Sign in to see this page."))
    return actor


def preferences() -> queries.Preferences | None:
    """What the signed-in person chose for the screens."""
    if "preferences" not in g:
        actor = signed_in()
        g.preferences = None if actor is None else queries.preferences(actor)
    return cast("queries.Preferences | None", g.preferences)


def must_choose_password() -> bool:
    """Whether somebody else chose the person's password."""
    chosen = preferences()
    return chosen is not None and chosen.must_change_password
