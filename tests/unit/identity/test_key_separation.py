"""Each index has a key of its own, and none of them seals (security requirement 9)."""

import pytest

from registry.crypto.keyring import Keyring, VaultKeys
from registry.identity.keys import OpenVault
from registry.identity.likeness import BlockingKey
from registry.identity.models import table_of
from registry.identity.rotation.tables import INDEXED, WRAPPED
from registry.persistence import VaultModel
from tests.revision import load_models

VALUE = "MARTIN|1962"


@pytest.fixture
def keys(tmp_path) -> VaultKeys:
    return Keyring.generate(tmp_path / "keys").vault()


def every_index(opened: OpenVault) -> list[bytes | int]:
    """One value, as each index of the vault writes it."""
    tokens = [opened.tokens_for(kind, VALUE)[0] & (2**24 - 1) for kind in BlockingKey]
    own = [opened.index(one.table.name, "value").digest(VALUE.encode()) for one in INDEXED]
    return [
        *tokens,
        *own,
        opened.content_digest([VALUE]),
        opened.row_digest("", VALUE),
        opened.number_index("", VALUE),
    ]


def test_one_value_is_indexed_differently_by_each_index(keys):
    made = every_index(OpenVault(keys))
    assert len(set(made)) == len(made)


def test_one_value_is_indexed_differently_under_each_key_number(keys):
    two = keys.changed("index", keys.index.added(2, keys.national.secret))
    digests = OpenVault(two).content_digests([VALUE])
    assert len(set(digests)) == 2


@pytest.mark.parametrize("other", ["encryption", "national", "pseudonyms"])
def test_indexes_do_not_depend_on_the_keys_that_seal(keys, other, tmp_path):
    changed = keys.changed(other, Keyring.generate(tmp_path / "other").vault().of(other))
    assert every_index(OpenVault(changed)) == every_index(OpenVault(keys))


def test_another_index_key_changes_every_index(keys, tmp_path):
    changed = keys.changed("index", Keyring.generate(tmp_path / "other").vault().index)
    assert not set(every_index(OpenVault(changed))) & set(every_index(OpenVault(keys)))


def test_a_change_of_keys_reaches_every_wrapped_key_and_every_digest_there_is():
    load_models()
    tables = VaultModel.metadata.tables.values()
    with_keys = {table for table in tables if "wrapped_key" in table.c}
    with_digests = {table for table in tables if "index_number" in table.c}

    assert with_keys == {table_of(one.model) for one in WRAPPED}
    assert with_digests == {table_of(one.model) for one in INDEXED}
