"""What every response tells the browser to refuse, and the check of where a post comes from."""

import secrets

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

HSTS_SECONDS = 2 * 365 * 24 * 3600
STATIC_SECONDS = 365 * 24 * 3600
NONCE_BYTES = 18

#: A page: its own style sheets and images, one script that carries the nonce, nothing inline.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
#: Anything else is looked at or saved, never run.
_FILE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
    ),
    "Strict-Transport-Security": f"max-age={HSTS_SECONDS}",
}

csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Put the headers on every response and the token in front of every unsafe request."""
    # The token lives as long as the session that it belongs to.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # What forms say is ours, in our own catalogue: theirs would be read again for each form.
    app.config["WTF_I18N_ENABLED"] = False
    # "no-referrer" leaves nothing to compare; Sec-Fetch-Site says the same more surely.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(refuse_cross_site)
    csrf.init_app(app)
    app.after_request(add_headers)


def nonce() -> str:
    """The value that this response's script element must carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(NONCE_BYTES)
    return str(g.csp_nonce)


def refuse_cross_site() -> None:
    """Refuse an unsafe request that the browser says another site has started.

    :raises BadRequest: it does.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise BadRequest


def add_headers(response: Response) -> Response:
    """Harden the response, whatever made it: a page, a file or an error."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    is_page = response.mimetype == "text/html"
    policy = _PAGE_POLICY.format(nonce=nonce()) if is_page else _FILE_POLICY
    response.headers.setdefault("Content-Security-Policy", policy)
    if _is_versioned_static(response):
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _is_versioned_static(response: Response) -> bool:
    """Whether it is a file whose address changes with its content."""
    endpoint = request.endpoint or ""
    is_static = endpoint == "static" or endpoint.endswith(".static")
    return is_static and response.status_code in (200, 304) and "v" in request.args
