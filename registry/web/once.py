"""A form that is sent twice has one effect.

Each form carries a key made when it was opened.  The key is recorded in the
transaction of what the form did: a double click, a resend after a lost
answer or a second scan finds it and is sent to the same place.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import TypeVar

from flask import current_app, make_response, redirect, request, session
from werkzeug.wrappers import Response

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import handled, unit_of_work
from registry.vocab import limits
from registry.web import carting, queued
from registry.web.forms.base import SchemaForm
from registry.web.guards import current_actor

Seen = TypeVar("Seen")

#: What is sent along and is nobody's words.
NOT_PAYLOAD = frozenset(
    {
        "csrf_token",
        "request_key",
        "present_password",
        "witness_badge",
        "witness_pin",
        "witness_password",
    }
)


def redirect_once(
    form: SchemaForm, action: Callable[[], str], *, by: str | None = None
) -> Response:
    """Run `action` in a unit of work, once for this form's key, and go where it says.

    `by` names who sends a form that is open to people without an account.

    :raises InvalidInput: the key was used for something else, or there is none.
    """
    queued.check()
    key, digest = _key(form), _payload_digest(by)
    notices = session.get("notices")
    try:
        with unit_of_work():
            answer = handled.answer_for(key, digest)
            if answer is None:
                answer = carting.done(form.cleaned, action())
                handled.remember(key, digest, answer)
    except BaseException:
        # What was undone must not be announced as done.
        if session.get("notices") != notices:
            session["notices"] = notices or []
        raise
    return queued.done(answer) if queued.is_queued() else redirect(answer, code=303)


def answered_before(form: SchemaForm) -> Response | None:
    """Where this very form led when it was sent before; None the first time.

    For what asks back before it does something: sent again, it is not asked again.

    :raises InvalidInput: the key was used for something else, or there is none.
    """
    key, digest = _key(form), _payload_digest()
    with unit_of_work():
        answer = handled.answer_for(key, digest)
    return None if answer is None else redirect(answer, code=303)


def shown_once(
    form: SchemaForm,
    look: Callable[[], Seen],
    render: Callable[[Seen], str | Response],
    *,
    after: str,
    seconds: int = limits.IDENTITY_SHOWN_SECONDS,
) -> Response:
    """Show what `look` finds, once for this form's key, for `seconds`; then go to `after`.

    Sent again, by the browser's Back button say, it shows nothing and records nothing.

    :raises InvalidInput: the key was used for something else, or there is none.
    """
    key, digest = _key(form), _payload_digest()
    with unit_of_work():
        if handled.answer_for(key, digest) is not None:
            return redirect(after, code=303)
        seen = look()
        handled.remember(key, digest, after)
    page = make_response(render(seen))
    page.headers["Refresh"] = f"{seconds}; url={after}"
    return page


def _key(form: SchemaForm) -> str:
    key = str(form.request_key.data or "")
    if not handled.is_key(key):
        raise InvalidInput(T("The page was incomplete. Open it again and repeat what you did."))
    return key


def _payload_digest(by: str | None = None) -> str:
    """A keyed digest of who sent what and where: the values themselves are not kept."""
    fields = sorted(
        (name, values) for name, values in request.form.lists() if name not in NOT_PAYLOAD
    )
    files = []
    for name, file in sorted(request.files.items(multi=True)):
        files.append((name, file.filename, hashlib.sha256(file.stream.read()).hexdigest()))
        file.stream.seek(0)
    payload = json.dumps([by or current_actor().id, request.path, fields, files])
    secret = current_app.secret_key or b""
    secret = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(secret, payload.encode(), hashlib.sha256).hexdigest()
