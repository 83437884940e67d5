"""Going back to where somebody came from, and nowhere else."""

import re

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\?#]*")


def own_path(target: str | None) -> str:
    """`target` when it is the path of a page of ours that can be opened, else the home page.

    Addresses of elsewhere, however disguised, would lend our sign-in page to others.
    """
    home = url_for("home.show")
    if not target or not _PATH.fullmatch(target):
        return home
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(target, method="GET")
    except (HTTPException, RequestRedirect):
        return home
    return home if endpoint in ("accounts.sign_in", "static", "bootstrap.static") else target
