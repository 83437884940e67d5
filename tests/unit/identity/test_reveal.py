"""Looking at an identity: permitted, for a reason, recorded first."""

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.crypto.errors import SealBroken
from registry.identity import service
from registry.identity.models import IdentityRecord, Person
from registry.identity.traits import HospitalId
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.persistence import db, registry_session
from registry.vocab.identity import ReviewOutcome, Standing
from tests.factories.identity import make_person, make_traits

REASON = "Appel du patient pour sa visite"


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse).person_uid


def test_it_gives_back_what_was_received_letter_by_letter(known, actors):
    shown = service.reveal(actors.nurse, known, reason=REASON)

    assert shown.person_uid == known
    assert shown.standing is Standing.ESTABLISHED
    assert shown.traits == make_traits()
    assert [number.identifier for number in shown.numbers] == [HospitalId("PAR", "0042137")]


def test_who_looked_and_why_is_recorded(known, actors, sites):
    service.reveal(actors.nurse, known, reason=f"  {REASON} ")

    entry = registry_session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "identity:revealed")
    ).one()
    assert entry.actor_id == actors.nurse.id
    assert entry.object_ref == f"person:{known}"
    assert entry.reason == REASON
    assert entry.site_id == sites.paris


@pytest.mark.parametrize("reason", ["", "  ", "ok", "x" * 501])
def test_without_a_reason_nothing_is_shown_nor_recorded(known, actors, audit_tags, reason):
    before = audit_tags()
    with pytest.raises(InvalidInput) as refused:
        service.reveal(actors.nurse, known, reason=reason)
    assert refused.value.field == "reason"
    assert audit_tags() == before


@pytest.mark.parametrize("role", ["technician", "investigator", "data_manager", "dpo", "admin"])
def test_nobody_but_nurses_may_look(known, actors, role):
    with pytest.raises(NotPermitted):
        service.reveal(getattr(actors, role), known, reason=REASON)


def test_a_patient_of_another_site_does_not_exist(known, actors):
    with pytest.raises(NotFound):
        service.reveal(actors.other_site_nurse, known, reason=REASON)


def test_a_patient_received_at_both_sites_exists_at_both(known, actors):
    make_person(actors.other_site_nurse, number="9", site="LYO")
    assert service.reveal(actors.other_site_nurse, known, reason=REASON).person_uid == known


def test_a_pseudonym_that_is_nobodys(app, actors):
    with pytest.raises(NotFound):
        service.reveal(actors.nurse, "0" * 32, reason=REASON)


def test_nothing_is_shown_when_it_cannot_be_recorded(known, actors, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("registry.audit.record", fail)
    with pytest.raises(OSError, match="disk full"):
        service.reveal(actors.nurse, known, reason=REASON)


def test_a_merged_persons_pseudonym_shows_whom_it_is_now(known, actors):
    doubt = make_person(actors.nurse, number="77", given_names="Charlotte")
    service.decide_review(actors.nurse, doubt.reviews[0], ReviewOutcome.SAME)

    shown = service.reveal(actors.nurse, doubt.person_uid, reason=REASON)
    assert shown.person_uid == known
    assert [(number.identifier.number, number.is_alias) for number in shown.numbers] == [
        ("0042137", False),
        ("77", True),
    ]


def test_what_is_shown_does_not_print_itself(known, actors):
    shown = service.reveal(actors.nurse, known, reason=REASON)
    for part in (shown, shown.traits, shown.numbers):
        assert "Lef" not in repr(part)
        assert "0042137" not in repr(part)


class TestTampering:
    @pytest.fixture
    def other(self, known, actors):
        return make_person(actors.nurse, number="77", birth_name="Nguyen", given_names="Paul")

    def swap(self, model, column):
        table = model.__table__
        with db.engines["identity"].begin() as connection:
            rows = connection.execute(sa.select(table.c.id, table.c[column])).all()
            values = [row[1] for row in rows]
            for row, value in zip(rows, reversed(values), strict=True):
                connection.execute(
                    table.update().where(table.c.id == row.id).values({column: value})
                )

    @pytest.mark.parametrize(
        ("model", "column"),
        [(IdentityRecord, "birth_name"), (Person, "wrapped_key")],
    )
    def test_a_blob_taken_from_another_row_does_not_open(self, known, other, actors, model, column):
        self.swap(model, column)
        with pytest.raises(SealBroken):
            service.reveal(actors.nurse, known, reason=REASON)

    def test_a_blob_taken_from_another_column_does_not_open(self, known, actors):
        table = IdentityRecord.__table__
        with db.engines["identity"].begin() as connection:
            connection.execute(table.update().values(used_name=table.c.birth_name))
        with pytest.raises(SealBroken):
            service.reveal(actors.nurse, known, reason=REASON)
