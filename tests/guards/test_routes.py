"""The doors: each says who may open it, and opens to nobody else."""

from flask import Flask

from registry import access
from tests.factories.accounts import People
from tests.guards.doors import address, guarded, people, rules, signed_in

# Whoever adds a line here opens a door to everybody: say why in the review.
OPEN_TO_ALL = {
    "accounts.sign_in",
    "home.language",
    # Participants at home have no account: a link and its code, asked for by the first, or the
    # session that it opened, without which the others show nothing.
    "at_home.enter",
    "at_home.read",
    "at_home.pdf",
    "at_home.oppose",
    "at_home.leave",
    "at_home.speak",
    # A partner who receives a shipment has none either: each asks for the link and its code, but
    # for the last, which says thank you and shows nothing.
    "receipts.enter",
    "receipts.arrived",
    "receipts.thanks",
}


def test_every_route_declares_a_permission_or_is_named_here_as_open(application: Flask):
    views = {
        rule.endpoint: application.view_functions[rule.endpoint] for rule in rules(application)
    }
    undeclared = sorted(
        endpoint
        for endpoint, view in views.items()
        if not hasattr(view, "permission") and not getattr(view, "open_to_all", False)
    )
    open_ones = {
        endpoint for endpoint, view in views.items() if getattr(view, "open_to_all", False)
    }

    assert not undeclared, f"Put @requires(Permission.…) on these: {undeclared}"
    assert open_ones == OPEN_TO_ALL


def test_a_stranger_is_sent_to_the_sign_in_page(application: Flask):
    client = application.test_client()

    for rule, _ in guarded(application):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(address(application, rule), method=method)

            # 400: a post without its token is refused before anybody asks who sent it.
            assert answer.status_code == 302 or (method != "GET" and answer.status_code == 400), (
                f"{method} {rule.rule} answered {answer.status_code} to a stranger"
            )
            if answer.status_code == 302:
                assert "sign-in" in answer.headers["Location"]


def test_a_person_is_refused_what_their_roles_never_allow(application: Flask, actors: People):
    for actor in people(actors):
        client = signed_in(application, actor)
        for rule, permission in guarded(application):
            if "GET" not in (rule.methods or ()) or access.allows(actor, permission):
                continue
            answer = client.get(address(application, rule))

            assert answer.status_code == 403, f"{actor.login}: {rule.rule} {answer.status_code}"


def test_every_page_that_a_person_may_open_opens_or_says_why_not(
    application: Flask, actors: People
):
    for actor in people(actors):
        client = signed_in(application, actor)
        for rule, permission in guarded(application):
            if "GET" not in (rule.methods or ()) or not access.allows(actor, permission):
                continue
            answer = client.get(address(application, rule))

            assert answer.status_code in {200, 302, 404, 422}, (
                f"{actor.login}: {rule.rule} {answer.status_code}"
            )
