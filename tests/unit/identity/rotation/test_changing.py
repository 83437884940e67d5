"""Keys are added, promoted, emptied and retired; nobody is lost on the way."""

import pytest
import sqlalchemy as sa

from registry.crypto.errors import KeysReadOnly
from registry.crypto.keyring import VaultKeys
from registry.crypto.sources import EnvironmentSource
from registry.identity import service
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    IndexEntry,
    KeyCheck,
    Person,
    SourceRow,
    table_of,
)
from registry.identity.opening import open_to_read
from registry.identity.rotation import queries, rewrapping
from registry.identity.rotation.queries import Next
from registry.identity.rotation.service import Where, promote, reindex, retire, rewrap, rotate
from registry.identity.rotation.tables import WRAPPED
from registry.identity.traits import HospitalId, SourceRef
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import db, unit_of_work, vault_session
from registry.vocab.identity import EnrolmentOutcome
from tests.factories.identity import SITE, make_traits
from tests.unit.identity.rotation.conftest import OPERATOR, enrol


def names_of(actor, people):
    return [
        service.reveal(actor, one.uid, reason="appel du patient").traits.birth_name
        for one in people
    ]


def everybody_is_known(actors, people) -> bool:
    """Found by the row they came with, by their number and by their name."""
    for one in people:
        assert one.again(actors.nurse).outcome is EnrolmentOutcome.ALREADY
        traits = make_traits(
            birth_name=f"Famille{one.number}", given_names=f"Prénom{one.number}", used_name=None
        )
        assert one.uid in [
            found.person_uid for found in service.search(actors.nurse, traits=traits)
        ]
    few = people[:2]
    return names_of(actors.nurse, few) == [f"Famille{one.number}" for one in few]


class TestEncryption:
    def test_new_people_are_wrapped_under_the_new_key_at_once(
        self, people, where, actors, numbers_in_use
    ):
        assert rotate(OPERATOR, where, "encryption") == 2
        enrol(actors.nurse, "ZZZ9999")

        assert numbers_in_use()["keys"] == {1, 2}

    def test_everybody_stays_readable_at_every_step(self, people, where, actors, tomorrow):
        for step in (
            lambda: rotate(OPERATOR, where, "encryption"),
            lambda: rewrap(OPERATOR),
            lambda: retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow),
        ):
            step()
            assert everybody_is_known(actors, people)

        assert list(VaultKeys.read(where.read).encryption.keys) == [2]

    def test_a_staged_key_is_held_and_not_used_until_it_is_promoted(
        self, people, where, numbers_in_use
    ):
        rotate(OPERATOR, where, "encryption", staged=True)
        assert rewrap(OPERATOR) == 0

        promote(OPERATOR, where, "encryption")
        assert rewrap(OPERATOR) == len(people)
        assert numbers_in_use()["keys"] == {2}

    def test_a_second_staged_key_is_refused(self, people, where):
        rotate(OPERATOR, where, "encryption", staged=True)
        with pytest.raises(RuleBroken):
            rotate(OPERATOR, where, "encryption")

    def test_there_must_be_one_to_promote(self, people, where):
        with pytest.raises(RuleBroken):
            promote(OPERATOR, where, "encryption")

    def test_a_number_is_never_used_twice(self, people, where, source):
        before = source.read()
        rotate(OPERATOR, where, "encryption")
        source.write(before)

        assert rotate(OPERATOR, where, "encryption") == 3

    def test_a_data_key_that_changed_since_it_was_read_is_left_as_it_is(
        self, people, where, actors
    ):
        rotate(OPERATOR, where, "encryption")
        (table,) = [one for one in WRAPPED if one.model is Person]
        gone = Person.uid == people[0].uid
        with unit_of_work():
            opened = open_to_read()
            query = table.rows().order_by(table.table.c.id)
            read = vault_session.execute(
                query, bind_arguments={"bind": db.engines["identity"]}
            ).all()
            vault_session.connection(bind_arguments={"bind": db.engines["identity"]}).execute(
                sa.update(table.table)
                .where(table.table.c.uid == people[0].uid)
                .values(standing="erased", wrapped_key=b"", key_number=0)
            )

            assert rewrapping._swap(table, opened, read) == (len(people) - 1, [])
            assert vault_session.scalar(sa.select(Person.wrapped_key).where(gone)) == b""


class TestIndex:
    def test_everybody_is_found_at_every_step(self, people, where, actors, tomorrow):
        for step in (
            lambda: rotate(OPERATOR, where, "index"),
            lambda: reindex(OPERATOR),
            lambda: retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow),
        ):
            step()
            assert everybody_is_known(actors, people)

    def test_nothing_is_left_under_a_retired_key(
        self, people, where, actors, tomorrow, numbers_in_use
    ):
        rotate(OPERATOR, where, "index")
        reindex(OPERATOR)
        retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)

        assert numbers_in_use()["digests"] == numbers_in_use()["entries"] == {2}
        for model in (HospitalIdentifier, SourceRow):
            assert set(vault_session.scalars(sa.select(model.index_number))) == {2}

    def test_new_people_have_entries_under_every_held_key(
        self, people, where, actors, numbers_in_use
    ):
        rotate(OPERATOR, where, "index", staged=True)
        enrol(actors.nurse, "ZZZ9999")

        assert numbers_in_use()["entries"] == {1, 2}
        assert numbers_in_use()["digests"] == {1}

    def test_a_changed_row_of_another_system_is_still_the_same_row(
        self, people, where, actors, rows_of
    ):
        rotate(OPERATOR, where, "index")
        before = len(rows_of(SourceRow))
        service.enrol(
            actors.nurse,
            traits=make_traits(birth_name="Autre", given_names="Tout"),
            source=SourceRef("dpi", f"row-{people[0].number}"),
            site="PAR",
        )

        assert len(rows_of(SourceRow)) == before
        reindex(OPERATOR)
        assert {row.index_number for row in rows_of(SourceRow)} == {2}

    def test_a_hospital_number_stays_unique_between_two_keys(self, people, where, actors, rows_of):
        rotate(OPERATOR, where, "index")
        again = service.enrol(
            actors.nurse,
            traits=make_traits(birth_name="Quelqu’un", given_names="Autre"),
            hospital_identifier=HospitalId(SITE, people[0].number),
        )

        assert again.outcome is EnrolmentOutcome.REVIEW
        assert len(rows_of(HospitalIdentifier)) == len(people)

    def test_records_made_by_older_rules_are_indexed_by_todays(self, people, where, actors):
        with db.engines["identity"].begin() as connection:
            connection.execute(sa.update(table_of(IdentityRecord)).values(normalisation=0))
            connection.execute(sa.delete(table_of(IndexEntry)))

        assert reindex(OPERATOR) == len(people)
        assert everybody_is_known(actors, people)


class TestRetiring:
    def test_a_key_in_use_stays(self, people, where, tomorrow):
        with pytest.raises(RuleBroken):
            retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow)

    @pytest.mark.parametrize("purpose", ["encryption", "index"])
    def test_a_key_with_rows_under_it_stays(self, purpose, people, where, tomorrow):
        rotate(OPERATOR, where, purpose)
        with pytest.raises(RuleBroken):
            retire(OPERATOR, where, purpose, 1, oldest_backup=tomorrow)
        assert 1 in VaultKeys.read(where.read).of(purpose).keys

    def test_a_key_that_a_kept_backup_needs_stays(self, people, where):
        rotate(OPERATOR, where, "encryption")
        rewrap(OPERATOR)
        with pytest.raises(RuleBroken):
            retire(OPERATOR, where, "encryption", 1, oldest_backup=clock.today())

    def test_one_that_was_interrupted_is_gone_on_with(
        self, people, where, tomorrow, source, monkeypatch
    ):
        rotate(OPERATOR, where, "index")
        reindex(OPERATOR)
        monkeypatch.setattr("registry.identity.rotation.changing._drop_entries", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)
        monkeypatch.undo()

        retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)

        assert list(VaultKeys.read(source).index.keys) == [2]

    def test_pseudonym_keys_are_never_changed(self, people, where):
        with pytest.raises(InvalidInput):
            rotate(OPERATOR, where, "pseudonyms")


class TestAccount:
    def test_each_act_is_recorded(self, people, where, tomorrow, audit_tags):
        before = len(audit_tags())
        rotate(OPERATOR, where, "encryption")
        rewrap(OPERATOR)
        retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow)

        assert audit_tags()[before:] == [
            "keys:rotated",
            "keys:rewrapped",
            "keys:emptied",
            "keys:retired",
        ]

    def test_only_the_operator_may(self, people, where, actors):
        for act in (
            lambda: rotate(actors.admin, where, "encryption"),
            lambda: rewrap(actors.admin),
            lambda: reindex(actors.admin),
        ):
            with pytest.raises(NotPermitted):
                act()

    def test_the_new_key_answers_for_itself(self, people, where, rows_of):
        rotate(OPERATOR, where, "index")
        assert ("index", 2) in [(row.purpose, row.number) for row in rows_of(KeyCheck)]

    def test_status_says_what_comes_next(self, people, where, source, tomorrow):
        def nexts():
            found = queries.status(OPERATOR, VaultKeys.read(source))
            return {one.purpose: one.next for one in found}

        assert set(nexts().values()) == {Next.NOTHING}
        rotate(OPERATOR, where, "encryption", staged=True)
        assert nexts()["encryption"] is Next.PROMOTE
        promote(OPERATOR, where, "encryption")
        assert nexts()["encryption"] is Next.REWRAP
        rewrap(OPERATOR)
        assert nexts()["encryption"] is Next.RETIRE
        retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow)
        assert nexts()["encryption"] is Next.NOTHING
        rotate(OPERATOR, where, "index")
        assert nexts()["index"] is Next.REINDEX

    def test_status_without_keys_asks_for_them(self, people):
        found = queries.status(OPERATOR, None)
        assert {one.next for one in found} == {Next.RESTORE}
        assert next(one for one in found if one.purpose == "encryption").keys[0].rows == len(people)

    def test_keys_from_the_environment_are_changed_by_hand(self, people, source):
        setting = EnvironmentSource("REGISTRY_VAULT_KEYS", "")
        with pytest.raises(KeysReadOnly, match="REGISTRY_VAULT_KEYS"):
            rotate(OPERATOR, Where(source, setting), "encryption")
        vault_session.rollback()
        assert not vault_session.get(KeyCheck, ("encryption", 2))
