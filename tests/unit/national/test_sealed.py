"""A national number is in no file and no log, and opens with its own key alone."""

import base64
import logging

import pytest
import sqlalchemy as sa

from registry.crypto.errors import CryptoError
from registry.identity import vault
from registry.identity.models import Person
from registry.identity.national import numbering
from registry.identity.national.models import NationalIdentifier
from registry.identity.qualification import queries, retrieval
from registry.identity.records import place_of_key
from registry.kernel.errors import DomainError
from registry.persistence import RegistryModel, VaultModel, vault_session
from registry.vocab.national import NumberKind
from tests import postgres
from tests.factories.identity import make_person
from tests.factories.national import BIRTH_PLACE, coded, make_number, retrieve
from tests.revision import load_models

NUMBER = make_number(order="737")


@pytest.fixture
def uid(app, actors) -> str:
    return make_person(actors.nurse, birth_place=BIRTH_PLACE).person_uid


@pytest.fixture
def row(actors, uid) -> NationalIdentifier:
    retrieve(actors.nurse, uid, number=NUMBER)
    return vault_session.scalars(sa.select(NationalIdentifier)).one()


def shapes(number: str) -> list[bytes]:
    """The number as it might lie somewhere: with and without its key."""
    plain = [one.encode() for one in (number, number[:13])]
    wide = [one.encode("utf-16-le") for one in (number, number[:13])]
    inner = [base64.b64encode(one).rstrip(b"=")[:-1] for one in plain]
    return [*plain, *wide, *inner, *(one.hex().encode() for one in plain)]


def live(actors, uid) -> None:
    """Everything that can happen to a number: refused, taken, met again, withdrawn, taken."""
    with pytest.raises(DomainError):
        retrieve(actors.nurse, uid, number=NUMBER, kind=NumberKind.NIA)
    with pytest.raises(DomainError):
        retrieve(actors.nurse, uid, number=NUMBER, returned=coded(birth_name="Martin"))
    retrieve(actors.nurse, uid, number=NUMBER)
    other = make_person(
        actors.nurse, number="99", birth_name="Nguyen", given_names="Anne", birth_place=BIRTH_PLACE
    ).person_uid
    returned = coded(birth_name="Nguyen", given_names="Anne")
    assert retrieve(actors.nurse, other, number=NUMBER, returned=returned).review
    version = queries.standing(actors.nurse, uid).version
    retrieval.withdraw_number(actors.nurse, uid, reason="mauvaise carte", expected_version=version)
    retrieve(actors.nurse, uid, number=NUMBER)


def test_no_file_and_no_log_holds_it(actors, uid, settings, engine, caplog):
    caplog.set_level(logging.DEBUG)
    live(actors, uid)

    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    if engine == "postgresql":
        files += postgres.server().files()
    assert files
    for shape in shapes(NUMBER):
        assert shape not in caplog.text.encode()
        for path in files:
            assert shape not in path.read_bytes(), path.name


def test_the_search_would_find_it(tmp_path):
    (tmp_path / "leak").write_text(f"nir={NUMBER}")
    assert any(shape in (tmp_path / "leak").read_bytes() for shape in shapes(NUMBER))


def test_it_opens_with_its_own_key(row, uid):
    wrapper = vault.opened().national_wrapper
    key = wrapper.unwrap(row.wrapped_key, numbering.place_of_key(uid, row.number))
    assert key.unseal(row.value, numbering.place_of_value(uid, row.number)) == NUMBER.encode()


def test_it_does_not_open_with_the_persons_key(row, uid):
    person = vault_session.scalars(sa.select(Person).where(Person.uid == uid)).one()
    key = vault.opened().wrapper.unwrap(person.wrapped_key, place_of_key(uid))
    with pytest.raises(CryptoError):
        key.unseal(row.value, numbering.place_of_value(uid, row.number))


def test_its_key_is_not_unwrapped_by_the_keys_of_persons(row, uid):
    with pytest.raises(CryptoError):
        vault.opened().wrapper.unwrap(row.wrapped_key, numbering.place_of_key(uid, row.number))


def test_each_number_has_a_key_of_its_own(actors, row):
    other = make_person(
        actors.nurse, number="99", birth_name="Nguyen", given_names="Anne", birth_place=BIRTH_PLACE
    ).person_uid
    returned = coded(birth_name="Nguyen", given_names="Anne")
    retrieve(actors.nurse, other, number=make_number(order="738"), returned=returned)
    wrapped = vault_session.scalars(sa.select(NationalIdentifier.wrapped_key)).all()
    values = vault_session.scalars(sa.select(NationalIdentifier.value)).all()
    assert len(set(wrapped)) == len(set(values)) == 2


def test_the_registry_has_no_column_for_it_and_the_vault_one_table():
    load_models()
    words = ("nir", "nia", "ins", "matricule", "national")

    def named(model) -> set[str]:
        return {
            table.name
            for table in model.metadata.tables.values()
            for name in (table.name, *(column.name for column in table.columns))
            if set(name.split("_")) & set(words)
        }

    assert named(RegistryModel) == set()
    assert named(VaultModel) == {"national_identifier"}
