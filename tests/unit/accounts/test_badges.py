"""Badges with a PIN: whose they are, what is refused, and that nothing of them is kept."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from registry.accounts import service as accounts
from registry.accounts.badges import queries, service
from registry.accounts.badges.models import Badge
from registry.audit.models import AuditEntry
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import db, registry_session
from registry.vocab.people import BadgeEnd
from tests.factories.accounts import People, make_badge

pytestmark = pytest.mark.usefixtures("app")

CODE, PIN = "CHU-0047114", "4931"
Tags = Callable[[], list[str]]


class TestEnrolling:
    def test_a_person_enrols_their_own_badge_with_a_pin(self, actors: People, audit_tags: Tags):
        service.enrol(actors.nurse, badge=CODE, pin=PIN)

        badge = queries.own(actors.nurse)
        assert badge is not None
        assert badge.can_sign
        assert audit_tags() == ["badge:enrolled"]

    def test_an_administrator_enrols_it_and_its_owner_chooses_the_pin(self, actors: People):
        assert actors.nurse.id is not None
        service.enrol_for(actors.admin, actors.nurse.id, badge=CODE)
        before = queries.own(actors.nurse)
        assert before is not None
        assert not before.can_sign

        service.set_pin(actors.nurse, pin=PIN)

        after = queries.of_person(actors.admin, actors.nurse.id)
        assert after is not None
        assert after.can_sign

    def test_nobody_else_enrols_a_badge_for_a_colleague(self, actors: People):
        assert actors.nurse.id is not None
        with pytest.raises(NotPermitted):
            service.enrol_for(actors.technician, actors.nurse.id, badge=CODE)
        assert actors.admin.id is not None
        with pytest.raises(RuleBroken, match="own"):
            service.enrol_for(actors.admin, actors.admin.id, badge=CODE)

    def test_a_disabled_account_gets_none(self, actors: People):
        assert actors.nurse.id is not None
        accounts.disable(actors.admin, actors.nurse.id)
        with pytest.raises(RuleBroken, match="disabled"):
            service.enrol_for(actors.admin, actors.nurse.id, badge=CODE)

    def test_neither_the_code_nor_the_pin_is_kept_anywhere(self, actors: People):
        service.enrol(actors.nurse, badge=CODE, pin=PIN)
        tables = (Badge.__table__, AuditEntry.__table__)
        with db.engines["registry"].connect() as connection:
            kept = [str(row) for table in tables for row in connection.execute(sa.select(table))]

        assert kept
        assert not any(CODE in row or f"'{PIN}'" in row for row in kept)

    def test_the_next_badge_replaces_the_one_before(self, actors: People):
        service.enrol(actors.nurse, badge=CODE, pin=PIN)
        service.enrol(actors.nurse, badge="CHU-0047222", pin=PIN)

        ended = registry_session.scalars(sa.select(Badge.ending).order_by(Badge.id)).all()
        assert ended == [BadgeEnd.REPLACED, None]

    def test_one_badge_is_one_persons(self, actors: People):
        service.enrol(actors.nurse, badge=CODE, pin=PIN)
        with pytest.raises(InvalidInput, match="enrolled already") as refusal:
            service.enrol(actors.technician, badge=CODE.lower(), pin=PIN)
        assert CODE not in str(refusal.value.errors)

    def test_a_lost_badge_is_never_enrolled_again_and_one_given_back_may_be(self, actors: People):
        service.enrol(actors.nurse, badge=CODE, pin=PIN)
        service.give_up(actors.nurse, ending=BadgeEnd.GIVEN_BACK)
        service.enrol(actors.technician, badge=CODE, pin=PIN)
        assert actors.technician.id is not None
        service.revoke(actors.admin, actors.technician.id, ending=BadgeEnd.LOST)

        with pytest.raises(InvalidInput, match="lost once"):
            service.enrol(actors.technician, badge=CODE, pin=PIN)

    @pytest.mark.parametrize(
        "code", ["12345", "x" * 65, "T00000017K"[:10], "VALIDER", "  ", "T00000017X"]
    )
    def test_what_can_be_no_badge_is_refused_without_being_repeated(
        self, actors: People, code: str
    ):
        with pytest.raises(InvalidInput) as refusal:
            service.enrol(actors.nurse, badge=code, pin=PIN)
        assert not code.strip() or code not in str(refusal.value.errors["badge"])

    def test_a_scanner_with_another_keyboard_gives_the_same_badge(self, actors: People):
        service.enrol(actors.nurse, badge="CHU0047114", pin=PIN)
        assert queries.is_badge(actors.technician, "CHUàà'è&&'")

    @pytest.mark.parametrize("column", ["user_id", "code_digest"])
    def test_the_database_wants_one_live_badge_of_a_person_and_one_person_of_a_badge(
        self, actors: People, column: str
    ):
        service.enrol(actors.nurse, badge=CODE, pin=PIN)
        row = {
            "user_id": actors.technician.id, "code_digest": "0" * 64, "wrong_pins": 0,
            "enrolled_at": clock.now(), "enrolled_by_id": actors.admin.id,
        }  # fmt: skip
        row[column] = registry_session.scalar(sa.select(getattr(Badge, column)))
        with pytest.raises(IntegrityError), db.engines["registry"].begin() as connection:
            connection.execute(sa.insert(Badge).values(**row))


class TestPins:
    @pytest.mark.parametrize("pin", ["4931", "90417", "8306194", "20267", "1950423"])
    def test_four_to_eight_digits_serve(self, actors: People, pin: str):
        assert service.enrol(actors.nurse, badge=CODE, pin=pin).can_sign

    @pytest.mark.parametrize(
        "pin",
        [
            "493", "493100427", "49a1", "٤٩٣١", "1111", "1212", "123123", "1234", "8765",
            "0123", "2580", "1987", "2026", "1121",
        ],
    )  # fmt: skip
    def test_others_do_not(self, actors: People, pin: str):
        with pytest.raises(InvalidInput) as refusal:
            service.enrol(actors.nurse, badge=CODE, pin=pin)
        assert list(refusal.value.errors) == ["pin"]
        assert queries.own(actors.nurse) is None

    def test_there_is_no_pin_without_a_badge(self, actors: People):
        with pytest.raises(RuleBroken, match="No badge"):
            service.set_pin(actors.nurse, pin=PIN)

    def test_two_people_with_one_pin_are_not_told_apart_nor_alike(self, actors: People):
        make_badge(actors.nurse, code=CODE, pin=PIN)
        make_badge(actors.technician, code="CHU-0047222", pin=PIN)
        hashes = registry_session.scalars(sa.select(Badge.pin_hash)).all()
        assert len(set(hashes)) == 2
        assert all(str(one).startswith("$argon2id$") for one in hashes)
