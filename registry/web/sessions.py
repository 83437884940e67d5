"""Flask's session, kept on the server.

The cookie is a token and nothing else.  It changes when a person signs in or
gives the password again, when their roles or password change and when they
sign out; an old one is then worth nothing.  Participants at home have a cookie
of their own, for their pages alone: neither is worth anything in the other's
place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import CallbackDict

from registry.accounts import sessions as store
from registry.kernel import clock
from registry.kernel.messages import Bilingual, Message
from registry.vocab import limits

_MESSAGE = "~message"
_CONFIRMED_AT = "confirmed_at"


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """What the server knows of this browser during one request."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        user_id: int | None = None,
        last_seen_at: datetime | None = None,
        renewal_due: bool = False,
        kept: bool = True,
    ) -> None:
        def note_change(session: "BrowserSession") -> None:
            session.modified = True
            session.accessed = True

        super().__init__(data, note_change)
        self.token = token
        self.user_id = user_id
        self.last_seen_at = last_seen_at
        self.renewal_due = renewal_due
        #: False for static files, which neither need nor touch a session.
        self.kept = kept
        self.replaced = False
        #: The database could not be asked: nobody is known, and nobody is anonymous either.
        self.unreadable = False
        self.modified = False
        self.accessed = False
        self.new = token is None

    def begin_again(self, user_id: int | None, **data: Any) -> None:
        """End what this browser had and start afresh, under a new token, with `data` alone."""
        self.clear()
        self.update(data)
        self.user_id = user_id
        self.replaced = True

    def note_confirmed(self) -> None:
        """The person has just proved who is there: from now on under a new token."""
        self[_CONFIRMED_AT] = int(clock.now().timestamp())
        self.renewal_due = True

    @property
    def is_confirmed(self) -> bool:
        """Whether the person proved it so lately that nobody else sits there by now."""
        confirmed_at = self.get(_CONFIRMED_AT)
        if confirmed_at is None:
            return False
        age = int(clock.now().timestamp()) - int(confirmed_at)
        return 0 <= age < limits.CONFIRMATION_SECONDS


@dataclass(frozen=True)
class Cookie:
    """Under which name, for which paths and how strictly a session's token is sent."""

    name: str
    path: str
    samesite: str


class ServerSessions(SessionInterface):
    """Opens and keeps `BrowserSession`s in the accounts' session table."""

    def __init__(self, *, https: bool, static_paths: tuple[str, ...], at_home: str) -> None:
        #: The prefix makes the browser refuse the cookie for any other host or path.
        self.staff = Cookie("__Host-registry_session" if https else "registry_session", "/", "Lax")
        self.at_home = Cookie(
            "__Secure-registry_dossier" if https else "registry_dossier", at_home, "Strict"
        )
        self.https = https
        self.static_paths = static_paths

    def cookie_for(self, path: str) -> Cookie:
        """Which cookie counts for a page."""
        is_at_home = path == self.at_home.path or path.startswith(f"{self.at_home.path}/")
        return self.at_home if is_at_home else self.staff

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        if request.path.startswith(self.static_paths):
            return BrowserSession(kept=False)
        cookie = self.cookie_for(request.path)
        token = request.cookies.get(cookie.name)
        try:
            found = store.find(token) if token else None
        except OperationalError:
            unreadable = BrowserSession(kept=False)
            unreadable.unreadable = True
            return unreadable
        if found is None or (cookie is self.at_home and found.user_id is not None):
            return BrowserSession()
        data = thawed(found.data)
        if found.renewal_due:
            # The roles have changed: what was proved before them no longer counts.
            data.pop(_CONFIRMED_AT, None)
        return BrowserSession(
            data,
            token=token,
            user_id=found.user_id,
            last_seen_at=found.last_seen_at,
            renewal_due=found.renewal_due,
        )

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, BrowserSession) or not session.kept:
            return
        response.vary.add("Cookie")
        before = session.token
        self._store(session)
        cookie = self.cookie_for(request.path)
        marks: dict[str, Any] = {
            "path": cookie.path,
            "httponly": True,
            "secure": self.https,
            "samesite": cookie.samesite,
        }
        if session.token and session.token != before:
            response.set_cookie(cookie.name, session.token, **marks)
        elif before and not session.token:
            response.delete_cookie(cookie.name, **marks)

    def _store(self, session: BrowserSession) -> None:
        """Write what the request has changed, and nothing when it changed nothing."""
        data = frozen(dict(session))
        if session.replaced and session.token:
            store.end(session.token)
            session.token = None
        if session.token is None:
            if data or session.user_id is not None:
                session.token = store.start(session.user_id, data)
        elif session.renewal_due:
            session.token = store.renew(session.token, data) or session.token
        elif session.modified:
            store.save(session.token, data)
        elif self._seen_is_due(session):
            store.seen(session.token)

    @staticmethod
    def _seen_is_due(session: BrowserSession) -> bool:
        seen = session.last_seen_at
        return seen is not None and clock.now() - seen >= store.SEEN_EVERY


def frozen(value: Any) -> Any:
    """The JSON form; a Message keeps its places, to be translated when it is shown."""
    if isinstance(value, Bilingual):
        return {_MESSAGE: value.en, "fr": value.fr}
    if isinstance(value, Message):
        return {_MESSAGE: value.msgid, "params": frozen(value.params)}
    if isinstance(value, Mapping):
        return {str(key): frozen(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [frozen(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def thawed(value: Any) -> Any:
    """The reverse of `frozen`, but for tuples, which come back as lists."""
    if isinstance(value, Mapping):
        if _MESSAGE in value and "fr" in value:
            return Bilingual(value[_MESSAGE], fr=value["fr"])
        if _MESSAGE in value:
            return Message(value[_MESSAGE], thawed(value["params"]))
        return {key: thawed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [thawed(item) for item in value]
    return value
