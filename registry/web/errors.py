"""How refusals and failures look: one table from the domain's errors to HTTP, one page for all."""

import re
import secrets
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from registry import audit
from registry.kernel import errors as domain
from registry.kernel.messages import Message, T
from registry.persistence import transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.patterns import ADDRESSED_CODE
from registry.web import guards, queued

#: The one table: what each refusal of the domain is over HTTP.
STATUSES: dict[type[domain.DomainError], int] = {
    domain.Unauthenticated: 401,
    domain.NotPermitted: 403,
    domain.NotFound: 404,
    domain.RuleBroken: 409,
    domain.Stale: 412,
    domain.InvalidInput: 422,
    domain.TooManyAttempts: 429,
    domain.Unavailable: 503,
}

#: Title and sentence of each error page, when the refusal brings no sentence of its own.
PAGES: dict[int, tuple[Message, Message]] = {
    400: (
        T("The request could not be read"),
        T("Nothing was recorded. Go back, reload the page and try again."),
    ),
    401: (T("Please sign in"), T("This page is for people who have signed in.")),
    403: (T("This is not open to you"), T("Your roles do not allow this.")),
    404: (
        T("There is nothing here"),
        T("The address is wrong, or what it names is not at one of your sites."),
    ),
    405: (
        T("This cannot be done from here"),
        T("Nothing was recorded. Go back and use the buttons of the page."),
    ),
    409: (T("This cannot be done now"), T("Nothing was recorded.")),
    412: (
        T("Somebody else was faster"),
        T("Somebody else changed this in the meantime. Look at it again, then retry."),
    ),
    413: (
        T("The file is too large"),
        T("Nothing was recorded. Files may have up to {size} MB.",
          size=limits.UPLOAD_BYTES_MAX // 2**20),
    ),
    422: (T("Something is missing or wrong"), T("Nothing was recorded.")),
    429: (T("Too many attempts"), T("Wait a few minutes, then try again.")),
    500: (
        T("Something went wrong on our side"),
        T("Nothing was recorded. Try again; if it happens again, give the reference below to the "
          "registry's administrator."),
    ),
    503: (
        T("This part of the registry is closed for the moment"),
        T("Nothing was recorded. Try again in a few minutes."),
    ),
}  # fmt: skip

_FORGED = T(
    "The page was too old or your session has ended, so nothing was recorded. "
    "Open the page again and repeat what you did."
)
_REFERENCE_BYTES = 4

log = structlog.get_logger("registry.web")


def status_of(error: domain.DomainError) -> int:
    """The HTTP status of a refusal."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def install(app: Flask) -> None:
    """Answer every error with a page that says what happened and what to do."""
    app.register_error_handler(domain.DomainError, refused)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(OperationalError, database_busy)
    app.register_error_handler(HTTPException, over_http)
    app.register_error_handler(500, failed)


def refused(error: domain.DomainError) -> Response:
    """A rule of the registry said no; that somebody lacked leave is recorded."""
    status = status_of(error)
    if isinstance(error, domain.NotPermitted):
        record_refusal()
    response = page(status, error.message)
    if isinstance(error, domain.TooManyAttempts):
        response.headers["Retry-After"] = str(limits.SIGN_IN_WINDOW_SECONDS)
    return response


@transactional
def record_refusal() -> None:
    """Record who asked for what they may not have; the act itself has left no trace."""
    actor = guards.signed_in()
    if actor is not None:
        audit.record(
            actor,
            AuditTag.ACCESS_REFUSED,
            f"page:{request.endpoint}",
            method=request.method,
            things=[
                f"{name}:{value}"
                for name, value in (request.view_args or {}).items()
                # What somebody typed into the address may be a name; a code is not.
                if re.fullmatch(ADDRESSED_CODE, str(value))
            ],
        )


def forged(_error: CSRFError) -> Response:
    """The form did not come from a page of this session."""
    return queued.signed_out() if queued.is_queued() else page(400, _FORGED)


def over_http(error: HTTPException) -> Response:
    """An error of the protocol: unknown address, wrong method, too large a body."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = page(error.code)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def database_busy(error: OperationalError) -> Response:
    """The database did not answer or did not let anybody write."""
    log.error("database unavailable", kind=type(error.orig).__name__)
    return page(503)


def failed(error: Any) -> Response:
    """A defect: a reference that is in the log too, and nothing about the inside."""
    reference = secrets.token_hex(_REFERENCE_BYTES).upper()
    cause = getattr(error, "original_exception", None) or error
    log.error("failed", reference=reference, exc_info=cause)
    return page(500, reference=reference)


def page(status: int, message: Message | None = None, *, reference: str | None = None) -> Response:
    """The error page."""
    title, sentence = PAGES.get(status, PAGES[400 if status < 500 else 500])
    # A failing database must not keep its own error page from being shown.
    g.without_person = status >= 500
    if queued.is_queued():
        return queued.refused([message or sentence], status)
    return make_response(
        render_template(
            "errors/error.html",
            title=title,
            sentence=message or sentence,
            status=status,
            reference=reference,
            home=current_app.view_functions.get("home.show") is not None,
        ),
        status,
    )
