"""Looking at identities: how often, and with which words in the reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import pace, service
from registry.identity.discretion import Number, names_the_person
from registry.identity.traits import HospitalId, Traits
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotPermitted, TooManyAttempts
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.people import RevealReason
from tests.factories.identity import make_person

REASON = "The paper file is unclear"
TRAITS = Traits("Lef\u00e8bvre-Durand", "Am\u00e9lie Rose", "Le Gall", date(1962, 4, 17))
NUMBERS = [Number(HospitalId("PAR", "0042137"))]


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse).person_uid


def entries(tag: str) -> list[AuditEntry]:
    registry_session.rollback()
    return list(
        registry_session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == tag).order_by(AuditEntry.seq)
        )
    )


class TestTheReason:
    @pytest.mark.parametrize(
        "reason",
        [
            "file of Lefebvre",
            "LEF\u00c8BVRE called",
            "durand came in",
            "LefebvreDurand",
            "asked by am\u00e9lie",
            "mme le gall asked",
            "born 17/04/1962",
            "born 1962-04-17",
            "patient 00 42 137",
            "IPP0042137",
        ],
    )
    def test_it_may_not_say_who_the_person_is(self, reason):
        assert names_the_person(reason, TRAITS, NUMBERS)

    @pytest.mark.parametrize(
        "reason",
        [
            "the paper file is unclear",
            "call before visit 2 of 17/05/2026",
            "the participant asked for the results",
            "she follows her general practitioner's advice",
        ],
    )
    def test_other_words_are_free(self, reason):
        assert not names_the_person(reason, TRAITS, NUMBERS)

    def test_particles_are_words_of_the_language(self):
        assert not names_the_person("des r\u00e9sultats", Traits("Des Essarts"), [])
        assert names_the_person("essarts", Traits("Des Essarts"), [])

    def test_it_is_refused_and_that_is_recorded_without_its_words(self, known, actors):
        with pytest.raises(InvalidInput) as refused:
            service.reveal(actors.nurse, known, reason="file of Lefebvre")

        assert refused.value.field == "reason"
        assert not entries("identity:revealed")
        (entry,) = entries("identity:refused")
        assert (entry.object_ref, entry.reason) == (f"person:{known}", None)
        assert entry.details == {"why": "named"}

    def test_its_kind_is_recorded_as_a_code(self, known, actors):
        service.reveal(actors.nurse, known, reason=REASON, kind=RevealReason.CONTACT)

        assert entries("identity:revealed")[0].details == {"kind": "contact", "officer": None}


class TestWhoMayLook:
    def test_the_identity_officer_looks_at_every_site(self, app, actors):
        here = make_person(actors.nurse).person_uid
        there = make_person(
            actors.other_site_nurse, site="LYO", number="77001", birth_name="Morvan"
        ).person_uid

        for uid in (here, there):
            service.reveal(actors.identity_officer, uid, reason=REASON)

        assert [entry.details["officer"] for entry in entries("identity:revealed")] == [True] * 2

    @pytest.mark.parametrize("role", ["technician", "data_manager", "dpo", "admin"])
    def test_others_do_not(self, known, actors, role):
        with pytest.raises(NotPermitted):
            service.reveal(getattr(actors, role), known, reason=REASON)


class TestHowOften:
    NOON = datetime(2026, 3, 12, 11, tzinfo=UTC)

    @pytest.fixture
    def looked(self, known, actors, monkeypatch):
        """A nurse who has looked as often as she may within the hour."""
        monkeypatch.setattr(pace, "LOOKS", replace(pace.LOOKS, most=3))
        with clock.frozen(self.NOON):
            for _ in range(3):
                service.reveal(actors.nurse, known, reason=REASON)
        return known

    def test_the_next_look_is_refused_and_that_is_recorded(self, looked, actors):
        with clock.frozen(self.NOON), pytest.raises(TooManyAttempts):
            service.reveal(actors.nurse, looked, reason=REASON)

        assert len(entries("identity:revealed")) == 3
        (entry,) = entries("identity:refused")
        assert entry.actor_id == actors.nurse.id
        assert entry.details == {"why": "too_many", "count": 3}

    def test_others_and_the_next_hour_are_free(self, looked, actors):
        hour = timedelta(seconds=limits.IDENTITY_LOOKS_WINDOW_SECONDS)
        with clock.frozen(self.NOON):
            service.reveal(actors.identity_officer, looked, reason=REASON)
        with clock.frozen(self.NOON + hour):
            service.reveal(actors.nurse, looked, reason=REASON)

        assert len(entries("identity:revealed")) == 5

    def test_the_command_line_is_not_counted(self, looked):
        with clock.frozen(self.NOON):
            service.reveal(Actor.system("restore"), looked, reason=REASON)

        assert len(entries("identity:revealed")) == 4
