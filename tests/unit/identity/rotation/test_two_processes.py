"""Two processes that know different keys read everything, and find what the other wrote.

Each process is a vault door of its own on the same database; its key file is
its own too, as on two machines.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registry.crypto import sealing
from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.sources import FileSource
from registry.identity import service, vault
from registry.identity.keys import OpenVault
from registry.identity.rotation.service import promote, reindex, retire, rewrap, rotate
from registry.kernel.errors import Unavailable
from registry.vocab.identity import EnrolmentOutcome
from tests.factories.identity import make_traits
from tests.unit.identity.rotation.conftest import OPERATOR, enrol


@pytest.fixture
def elsewhere(tmp_path: Path, source: FileSource) -> FileSource:
    """Another machine's copy of the key file, as it was before the change."""
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    copy = FileSource(tmp_path / "elsewhere" / "identity.json")
    copy.write_new(source.read())
    return copy


@pytest.fixture
def on(source: FileSource) -> Callable:
    """Work as the process that follows another key file, for a while."""

    @contextmanager
    def at(other: FileSource) -> Iterator[None]:
        vault.follow(other)
        try:
            yield
        finally:
            vault.follow(source)

    return at


def is_found(actor, number: str, uid: str) -> bool:
    traits = make_traits(
        birth_name=f"Famille{number}", given_names=f"Prénom{number}", used_name=None
    )
    return uid in [one.person_uid for one in service.search(actor, traits=traits)]


class TestOnOneMachine:
    def test_a_changed_file_is_followed_without_a_restart(self, people, source, actors):
        keys = VaultKeys.read(source)
        added = keys.encryption.added(
            2, Keyring.generate(source.path.parent / "x").vault().index.secret
        )
        source.write(keys.changed("encryption", added.promoted(2)).encoded())

        assert vault.opened().key_number == 2

    def test_an_unchanged_file_is_read_once(self, people, source, actors, monkeypatch):
        reads = []
        honest = FileSource.read
        monkeypatch.setattr(FileSource, "read", lambda self: (reads.append(self), honest(self))[1])

        for _ in range(20):
            vault.opened()

        assert reads == []

    def test_a_file_that_is_half_copied_does_not_stop_the_work(self, people, source, actors):
        whole = source.read()
        source.write(whole[:100])
        assert people[0].again(actors.nurse).outcome is EnrolmentOutcome.ALREADY

        source.write(whole)
        assert people[0].again(actors.nurse).outcome is EnrolmentOutcome.ALREADY

    def test_a_vault_without_keys_opens_when_they_come(self, people, source, actors):
        content = source.read()
        source.path.unlink()
        vault.follow(source)
        with pytest.raises(Unavailable):
            people[0].again(actors.nurse)

        source.write_new(content)

        assert people[0].again(actors.nurse).outcome is EnrolmentOutcome.ALREADY

    def test_a_key_number_met_in_the_middle_of_work_is_looked_up_without_another_try(
        self, people, where, source, monkeypatch
    ):
        old = OpenVault(VaultKeys.read(source), vault.opened)
        rotate(OPERATOR, where, "encryption")
        place = sealing.Place("person", "wrapped_key", "x")
        wrapped = vault.opened().wrapper.wrap(sealing.DataKey.new(), place)
        tried = []
        honest = sealing._decrypt
        monkeypatch.setattr(
            sealing, "_decrypt", lambda *given: (tried.append(given), honest(*given))[1]
        )

        old.wrapper.unwrap(wrapped, place)

        assert len(tried) == 1


class TestOnTwoMachines:
    @pytest.mark.parametrize("purpose", ["encryption", "index"])
    def test_staged_keys_disturb_nobody(self, purpose, people, where, elsewhere, on, actors):
        rotate(OPERATOR, where, purpose, staged=True)
        here = enrol(actors.nurse, "HHH0001").person_uid
        with on(elsewhere):
            there = enrol(actors.nurse, "TTT0001").person_uid
            assert is_found(actors.nurse, "HHH0001", here)
            assert service.reveal(actors.nurse, here, reason="appel du patient")
            assert enrol(actors.nurse, "HHH0001").outcome is EnrolmentOutcome.ALREADY
        assert is_found(actors.nurse, "TTT0001", there)
        assert enrol(actors.nurse, "TTT0001").outcome is EnrolmentOutcome.ALREADY

    def test_who_has_not_heard_of_a_newer_index_key_misses_nobody_until_the_old_one_is_retired(
        self, people, where, elsewhere, on, actors, tomorrow, source
    ):
        rotate(OPERATOR, where, "index", staged=True)
        with on(elsewhere):
            enrol(actors.nurse, "TTT0001")
        promote(OPERATOR, where, "index")
        reindex(OPERATOR)
        with on(elsewhere):
            assert is_found(actors.nurse, people[0].number, people[0].uid)
            late = enrol(actors.nurse, "TTT0002").person_uid
        assert is_found(actors.nurse, "TTT0002", late)
        reindex(OPERATOR)
        retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)

        with on(elsewhere), pytest.raises(Unavailable):
            enrol(actors.nurse, "TTT0003")
        elsewhere.write(source.read())
        with on(elsewhere):
            assert enrol(actors.nurse, "TTT0002").outcome is EnrolmentOutcome.ALREADY

    def test_nobody_wraps_under_a_retired_key(self, people, where, elsewhere, on, actors, tomorrow):
        rotate(OPERATOR, where, "encryption")
        rewrap(OPERATOR)
        retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow)

        with on(elsewhere), pytest.raises(Unavailable):
            enrol(actors.nurse, "TTT0001")

    def test_entries_under_a_key_that_was_retired_are_not_written_by_who_still_holds_it(
        self, people, where, elsewhere, on, actors, tomorrow, source, numbers_in_use
    ):
        rotate(OPERATOR, where, "index")
        elsewhere.write(source.read())
        reindex(OPERATOR)
        retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)

        with on(elsewhere):
            enrol(actors.nurse, "TTT0001")

        assert numbers_in_use()["entries"] == {2}
