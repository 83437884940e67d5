"""A link opens with its own code alone, for a while, and tells nothing to whoever fails."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.accounts import signing_in
from registry.audit.models import AuditEntry
from registry.dossiers import links, service
from registry.dossiers.models import DossierLink
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import (
    InvalidInput,
    NotPermitted,
    RuleBroken,
    TooManyAttempts,
    Unauthenticated,
)
from registry.persistence import db, registry_session
from registry.vocab import limits
from tests.factories.accounts import PASSWORD
from tests.factories.dossiers import ADDRESS, at_home, make_link
from tests.factories.participants import make_participant

WRONG = "00000000"


@pytest.fixture
def participant(app, actors):
    return make_participant(actors)


@pytest.fixture
def made(actors, participant):
    return make_link(actors, participant)


def wrong(code: str) -> str:
    return WRONG if code != WRONG else "11111111"


def elsewhere(number: int) -> str:
    """Another address each time: the limit of one address is not what is tried."""
    return f"198.51.100.{number}"


def test_the_code_opens_the_link_again_and_again_until_it_ends(made):
    link, token, code = made

    assert links.unlock(token, code, address=ADDRESS) == link.id
    assert links.unlock(token.upper(), f" {code[:4]} {code[4:]}", address=ADDRESS) == link.id


def test_the_token_has_more_than_128_random_bits_and_the_code_eight_digits(made):
    _link, token, code = made

    assert re.fullmatch(r"[a-z2-7]{32}", token)
    assert limits.LINK_TOKEN_BYTES * 8 >= 128
    assert re.fullmatch(r"\d{8}", code)


def test_neither_the_token_nor_the_code_is_kept_anywhere(made, app):
    link, token, code = made
    links.unlock(token, code, address=ADDRESS)
    with db.engines["registry"].connect() as connection:
        kept = [
            str(row)
            for table in (DossierLink.__table__, AuditEntry.__table__)
            for row in connection.execute(sa.select(table))
        ]

    assert str(link.id)
    assert token not in "\n".join(kept)
    assert not re.search(rf"(?<!\d){code}(?!\d)", "\n".join(kept))


def test_a_failure_says_the_same_whatever_is_wrong(made, actors, participant):
    link, token, code = made
    over, over_token, over_code = make_link(actors, participant)
    links.revoke(actors.nurse, over.id)
    said = set()
    for number, (tried, typed) in enumerate(
        [
            (token, wrong(code)),
            ("a" * 32, code),
            ("../../etc", code),
            ("", code),
            (over_token, over_code),
            (token, over_code if over_code != code else wrong(code)),
        ]
    ):
        with pytest.raises(Unauthenticated) as refusal:
            links.unlock(tried, typed, address=elsewhere(number))
        said.add(str(refusal.value.message))

    assert len(said) == 1
    assert link.id


def test_after_a_few_wrong_codes_the_right_one_opens_nothing(made):
    link, token, code = made
    for number in range(limits.LINK_WRONG_CODES_MAX):
        with pytest.raises(Unauthenticated):
            links.unlock(token, wrong(code), address=elsewhere(number))

    with pytest.raises(Unauthenticated):
        links.unlock(token, code, address=ADDRESS)
    assert links.holder(link.id) is None


def test_a_right_code_takes_no_wrong_one_back(made):
    link, token, code = made
    with pytest.raises(Unauthenticated):
        links.unlock(token, wrong(code), address=ADDRESS)
    links.unlock(token, code, address=ADDRESS)

    registry_session.expire_all()
    assert registry_session.get_one(DossierLink, link.id).wrong_codes == 1


def test_one_address_that_tries_many_links_is_stopped(app, actors):
    for number in range(limits.SIGN_IN_FAILURES_MAX):
        with pytest.raises(Unauthenticated):
            links.unlock(f"{number:a>32}", WRONG, address=ADDRESS)

    with pytest.raises(TooManyAttempts):
        links.unlock("b" * 32, WRONG, address=ADDRESS)


def test_failures_here_do_not_keep_the_staff_of_the_same_address_out(app, actors, sign_in_at):
    for number in range(limits.SIGN_IN_FAILURES_MAX + 2):
        with pytest.raises((Unauthenticated, TooManyAttempts)):
            links.unlock(f"{number:a>32}", WRONG, address=ADDRESS)

    assert sign_in_at(ADDRESS).id == actors.nurse.id


@pytest.fixture
def sign_in_at(actors):
    return lambda address: signing_in.sign_in(
        login=actors.nurse.login, password=PASSWORD, address=address
    )


def test_an_expired_link_opens_nothing_and_ends_a_visit_under_way(made):
    link, token, code = made
    links.unlock(token, code, address=ADDRESS)
    with clock.frozen(link.expires_at):
        assert links.holder(link.id) is None
        with pytest.raises(Unauthenticated):
            links.unlock(token, code, address=ADDRESS)
    with clock.frozen(link.expires_at - timedelta(seconds=1)):
        assert links.holder(link.id) is not None


def test_a_revoked_link_opens_nothing_and_ends_a_visit_under_way(made, actors):
    link, token, code = made
    links.unlock(token, code, address=ADDRESS)
    links.revoke(actors.nurse, link.id)

    assert links.holder(link.id) is None
    with pytest.raises(Unauthenticated):
        links.unlock(token, code, address=ADDRESS)


def test_a_link_without_a_code_opens_with_nothing(actors, participant):
    made = links.make(actors.nurse, participant.id)

    for typed in ("", "None", WRONG):
        with pytest.raises(Unauthenticated):
            links.unlock(made.token, typed, address=ADDRESS)


def test_a_link_gets_one_code(made, actors):
    link, _token, _code = made

    with pytest.raises(RuleBroken):
        links.make_code(actors.nurse, link.id)


@pytest.mark.parametrize("days", [0, limits.LINK_DAYS_MAX + 1])
def test_a_link_lasts_for_a_bounded_time(days, actors, participant):
    with pytest.raises(InvalidInput):
        links.make(actors.nurse, participant.id, days=days)


def test_the_staff_of_another_site_makes_and_revokes_no_link(made, actors, participant):
    link, _token, _code = made

    for act in (
        lambda: links.make(actors.other_site_nurse, participant.id),
        lambda: links.make_code(actors.other_site_nurse, link.id),
        lambda: links.revoke(actors.other_site_nurse, link.id),
        lambda: links.make(actors.technician, participant.id),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_every_opening_and_every_failure_is_in_the_journal(made, participant):
    link, token, code = made
    with pytest.raises(Unauthenticated):
        links.unlock(token, wrong(code), address=ADDRESS)
    links.unlock(token, code, address=ADDRESS)
    service.read(at_home(link, participant), participant.id, form="page")

    entries = registry_session.execute(
        sa.select(AuditEntry.tag, AuditEntry.actor_login, AuditEntry.object_ref)
        .where(AuditEntry.tag.in_(["dossier_link:refused", "dossier_link:opened", "dossier:read"]))
        .order_by(AuditEntry.seq)
    ).all()
    assert [tuple(entry) for entry in entries] == [
        ("dossier_link:refused", "system:dossier", link.audit_ref),
        ("dossier_link:opened", f"link:{link.id}", participant.audit_ref),
        ("dossier:read", f"link:{link.id}", participant.audit_ref),
    ]


def test_who_reads_at_home_may_do_nothing_else_and_read_nobody_else(made, actors, participant):
    link, _token, _code = made
    other = make_participant(actors)
    actor = at_home(link, participant)

    with pytest.raises(NotPermitted):
        service.read(actor, other.id, form="page")
    with pytest.raises(NotPermitted):
        links.make(actor, participant.id)
    assert not actor.roles


def test_nobody_reads_by_a_participant_that_is_not_named(app, actors):
    actor = Actor.at_home(1, "participant:00000000")

    with pytest.raises(NotPermitted):
        service.read(actor, make_participant(actors).id, form="page")


def test_one_link_does_not_make_documents_without_end(made, participant, monkeypatch):
    link, _token, _code = made
    monkeypatch.setattr(limits, "LINK_READS_MAX", 2)
    for _ in range(2):
        service.read(at_home(link, participant), participant.id, form="pdf")

    with pytest.raises(TooManyAttempts):
        service.read(at_home(link, participant), participant.id, form="pdf")
