"""What shows or takes away identities opens only to who has just given the password."""

from flask import Flask

from registry.access import Permission
from tests.factories.accounts import People
from tests.guards.doors import address, guarded, rules, signed_in

#: Whoever may do one of these could do harm at somebody else's open screen (ASVS 7.5.3).
NEEDS_THE_PASSWORD = {
    Permission.IDENTITY_REVEAL,
    Permission.IDENTITY_AMEND,
    Permission.NATIONAL_IDENTITY_RECORD,
    Permission.CONTACTS_EXPORT,
    Permission.PSEUDONYM_REVERSE,
    Permission.CONSENT_PROOF_READ,
}
#: Pages that do so behind a permission that opens others too.
PAGES = {"reviews.show", "reviews.decide", "decided.undo", "decided.revise", "erasures.new"}


def test_every_page_behind_these_permissions_asks_for_it(application: Flask):
    without = sorted(
        rule.rule
        for rule, permission in guarded(application)
        if (permission in NEEDS_THE_PASSWORD or rule.endpoint in PAGES)
        and not getattr(application.view_functions[rule.endpoint], "fresh", False)
    )

    assert not without, f"Put @fresh on these: {without}"


def test_the_pages_named_here_are_there(application: Flask):
    assert {rule.endpoint for rule in rules(application)} >= PAGES


def test_without_it_they_lead_to_the_page_that_asks(application: Flask, actors: People):
    client = signed_in(application, actors.identity_officer, has_confirmed=False)
    asked = [
        client.get(address(application, rule)).headers.get("Location")
        for rule, permission in guarded(application)
        if permission in (Permission.CONTACTS_EXPORT, Permission.PSEUDONYM_REVERSE)
    ]

    assert asked
    assert set(asked) == {"/confirm"}
