"""Every address of the application, and a browser for every role."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from registry import access
from registry.accounts import sessions
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.web.guards import OPEN_ENDPOINTS
from tests.factories.accounts import People

VALUES: dict[str, Any] = {
    "AnyConverter": "fr",
    "IntegerConverter": 999_999,
    "PathConverter": "x",
    "UnicodeConverter": "x",
    "UUIDConverter": "00000000-0000-4000-8000-000000000000",
}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


def guarded(app: Flask) -> Iterator[tuple[Rule, access.Permission]]:
    for rule in rules(app):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if permission is not None:
            yield rule, permission


def address(app: Flask, rule: Rule, **known: Any) -> str:
    """An address that the rule answers to; nothing is stored under what is not `known`."""
    values = {
        name: known.get(name, VALUES[type(converter).__name__])
        for name, converter in rule._converters.items()
    }
    built = app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)
    return built.removeprefix("http://localhost")


def signed_in(app: Flask, actor: Actor, *, has_confirmed: bool = True) -> FlaskClient:
    """A browser in which the person has already signed in, just now unless told otherwise."""
    assert actor.id is not None
    client = app.test_client()
    data = {"confirmed_at": int(clock.now().timestamp())} if has_confirmed else {}
    with app.app_context():
        token = sessions.start(actor.id, data)
    client.set_cookie("registry_session", token)
    return client


def people(actors: People) -> Iterator[Actor]:
    return (getattr(actors, field.name) for field in fields(actors))
