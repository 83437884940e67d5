"""A sealed value opens in its own place alone; another one put there is met, told and recorded.

Security requirement 2.
"""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.audit.models import AuditEntry
from registry.crypto.errors import SealBroken
from registry.identity import records, service
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    Person,
    SourceRow,
    table_of,
)
from registry.identity.opening import open_to_read
from registry.identity.traits import HospitalId, SourceRef
from registry.persistence import db, registry_session, unit_of_work, vault_session
from registry.vocab.identity import Trait
from tests.factories.identity import make_traits

SEALED = (
    (Person, ("wrapped_key",)),
    (IdentityRecord, (*(trait.value for trait in Trait), "hospital_number", "likeness")),
    (HospitalIdentifier, ("value",)),
    (SourceRow, ("row_number",)),
)


@pytest.fixture
def two(app, actors) -> list[str]:
    """Two persons with everything filled in, each received twice: a row beside another's."""
    names = (("Lefèvre", "Anne"), ("Moreau", "Jean"))
    return [
        service.enrol(
            actors.nurse,
            traits=make_traits(
                birth_name=name, given_names=given_name, used_name=f"{name} Roy", town=town
            ),
            hospital_identifier=HospitalId("PAR", f"00{number}"),
            source=SourceRef("dpi", f"row-{number}-{town}"),
        ).person_uid
        for town in ("Lyon", "Brest")
        for number, (name, given_name) in enumerate(names)
    ][:2]


def cells() -> list[tuple[sa.Table, str, dict]]:
    """Every place that holds a sealed value: the table, the column and the row's key."""
    found = []
    with db.engines["identity"].connect() as connection:
        for model, columns in SEALED:
            table = table_of(model)
            order = table.c.record_id if "record_id" in table.c else table.c.id
            for row in connection.execute(sa.select(table).order_by(order)).mappings():
                key = {column.name: row[column.name] for column in table.primary_key}
                found += [(table, name, key) for name in columns if row[name] is not None]
    return found


def where(cell) -> sa.ColumnElement[bool]:
    table, _name, key = cell
    return sa.and_(*(table.c[name] == value for name, value in key.items()))


def value_of(cell) -> bytes:
    with db.engines["identity"].connect() as connection:
        return connection.scalar(sa.select(cell[0].c[cell[1]]).where(where(cell)))


def put(cell, value: bytes) -> None:
    with db.engines["identity"].begin() as connection:
        connection.execute(sa.update(cell[0]).where(where(cell)).values({cell[1]: value}))


def read_everything() -> None:
    """Open every sealed value of the vault where it is stored."""
    vault_session.rollback()
    with unit_of_work():
        opened = open_to_read()
        for person in vault_session.scalars(sa.select(Person)):
            holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
            of_person = sa.select(IdentityRecord).where(IdentityRecord.person_id == person.id)
            for record in vault_session.scalars(of_person):
                records.open_record(holder, record)
                records.open_received_number(holder, record)
                records.open_likeness(holder, record.number, record.likeness)
                rows = sa.select(SourceRow).where(SourceRow.record_id == record.id)
                for row in vault_session.scalars(rows):
                    place = records.place_of_row(holder.uid, row.system, row.row_digest)
                    holder.key.unseal(row.row_number, place)
            numbers = sa.select(HospitalIdentifier).where(HospitalIdentifier.person_id == person.id)
            for number in vault_session.scalars(numbers):
                records.open_number(holder, number)


def test_untouched_everything_opens(two):
    read_everything()
    assert {table.name for table, _name, _key in cells()} == {
        model.__tablename__ for model, _columns in SEALED
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_any_two_values_exchanged_across_row_column_or_table_do_not_open(two, data):
    here, there = data.draw(
        st.lists(st.sampled_from(cells()), min_size=2, max_size=2, unique_by=str), label="cells"
    )
    mine, others = value_of(here), value_of(there)
    for cell, own, foreign in ((here, mine, others), (there, others, mine)):
        put(cell, foreign)
        with pytest.raises(SealBroken):
            read_everything()
        put(cell, own)
    read_everything()


@pytest.mark.parametrize("column", ["birth_name", "town", "likeness", "row_number"])
def test_two_rows_of_one_person_do_not_stand_in_for_each_other(two, column):
    ours = [cell for cell in cells() if cell[1] == column]
    # Received in the order one, other, one, other.
    put(ours[0], value_of(ours[2]))

    with pytest.raises(SealBroken):
        read_everything()


class TestWhoeverMeetsIt:
    @pytest.fixture
    def entry(self):
        """The last entry of the journal."""

        def last():
            registry_session.rollback()
            return registry_session.scalars(
                sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
            ).one()

        return last

    @pytest.fixture
    def tampered(self, two):
        """The first person's birth name is the second's."""
        name = [cell for cell in cells() if cell[1] == "birth_name"][:2]
        put(name[0], value_of(name[1]))
        vault_session.rollback()
        return two[0]

    def test_the_act_is_undone_and_the_meeting_recorded(self, tampered, actors, entry):
        with pytest.raises(SealBroken):
            service.reveal(actors.nurse, tampered, reason="appel du patient")

        told = entry()
        assert told.tag == "vault:tampered"
        assert told.actor_login == actors.nurse.login
        assert told.object_ref == f"identity_record:{tampered}:1"
        assert told.details == {"column": "identity_record.birth_name"}

    def test_the_error_names_the_row_and_no_value(self, tampered, actors):
        with pytest.raises(SealBroken) as met:
            service.reveal(actors.nurse, tampered, reason="appel du patient")

        assert tampered in str(met.value)
        assert not {"Moreau", "Lefèvre"} & set(str(met.value).split())

    def test_a_key_that_is_anothers_is_met_by_every_search_that_reaches_it(
        self, two, actors, entry
    ):
        keys = [cell for cell in cells() if cell[1] == "wrapped_key"]
        put(keys[0], value_of(keys[1]))
        vault_session.rollback()
        traits = make_traits(birth_name="Lefèvre", given_names="Anne", used_name=None)

        with pytest.raises(SealBroken):
            service.search(actors.nurse, traits=traits)

        assert entry().tag == "vault:tampered"

    def test_what_goes_well_records_nothing_of_the_kind(self, two, actors, audit_tags):
        service.reveal(actors.nurse, two[0], reason="appel du patient")
        assert "vault:tampered" not in audit_tags()
