"""The vault is closed without its keys, and to other keys (security requirement 8)."""

from dataclasses import replace

import pytest

from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.keyset import KeySet
from registry.crypto.sources import FileSource
from registry.identity import service, vault
from registry.identity.models import KeyCheck, Person
from registry.kernel.errors import Unavailable
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome
from tests.factories.identity import make_person, make_traits


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse).person_uid


def every_act(actors, uid="0" * 32):
    nurse = actors.nurse
    return {
        "enrol": lambda: make_person(nurse, number="999"),
        "search": lambda: service.search(nurse, traits=make_traits()),
        "reveal": lambda: service.reveal(nurse, uid, reason="appel du patient"),
        "compare": lambda: service.compare(nurse, 1, reason="appel du patient"),
    }


@pytest.mark.parametrize("act", ["enrol", "search", "reveal", "compare"])
def test_without_keys_every_look_into_the_vault_is_refused(act, known, actors, audit_tags):
    before = audit_tags()
    vault.open(None)

    with pytest.raises(Unavailable):
        every_act(actors, known)[act]()

    assert audit_tags() == before


def test_an_empty_vault_without_keys_takes_nobody_in_under_a_key_made_up(
    app, actors, rows_of, tmp_path
):
    vault.follow(FileSource(tmp_path / "nowhere" / VaultKeys.FILE))

    with pytest.raises(Unavailable):
        make_person(actors.nurse)

    assert rows_of(Person) == rows_of(KeyCheck) == []


@pytest.mark.parametrize("act", ["enrol", "search", "reveal"])
def test_other_keys_with_the_same_numbers_are_refused(act, known, actors, tmp_path):
    vault.open(Keyring.generate(tmp_path / "other").vault())

    with pytest.raises(Unavailable):
        every_act(actors, known)[act]()


@pytest.mark.parametrize("purpose", VaultKeys.PURPOSES)
def test_one_wrong_key_is_enough(purpose, known, actors, keys_dir, tmp_path):
    right, wrong = Keyring(keys_dir).vault(), Keyring.generate(tmp_path / "other").vault()
    mixed = {name: getattr(right, name) for name in VaultKeys.PURPOSES}
    vault.open(VaultKeys(**{**mixed, purpose: getattr(wrong, purpose)}))

    with pytest.raises(Unavailable):
        make_person(actors.nurse)


def test_a_key_file_that_lost_an_older_key_closes_what_it_sealed(known, actors, keys_dir, tmp_path):
    right, new = Keyring(keys_dir).vault(), Keyring.generate(tmp_path / "other").vault()
    vault.open(replace(right, encryption=KeySet({2: new.encryption.secret}, active=2)))

    with pytest.raises(Unavailable):
        service.reveal(actors.nurse, known, reason="appel du patient")


def test_the_right_keys_open_it_again(known, actors, keys_dir):
    vault.open(None)
    vault.open(Keyring(keys_dir).vault())

    assert make_person(actors.nurse).outcome is EnrolmentOutcome.SAME


def test_what_the_keys_answer_is_kept_once(known, actors, rows_of):
    make_person(actors.nurse, number="12", given_names="Zoé")

    assert [(row.purpose, row.number) for row in rows_of(KeyCheck)] == [
        ("encryption", 1),
        ("index", 1),
        ("national", 1),
        ("pseudonyms", 1),
    ]


def test_a_first_enrolment_that_fails_keeps_no_answer(app, actors, rows_of, monkeypatch):
    monkeypatch.setattr("registry.identity.records.person_row", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_person(actors.nurse)
    monkeypatch.undo()

    assert rows_of(KeyCheck) == []
    make_person(actors.nurse)
    assert len(rows_of(KeyCheck)) == 4


def test_the_review_list_needs_no_key(known, actors):
    make_person(actors.nurse, given_names="Charlotte")
    vault.open(None)

    (review,) = service.open_reviews(actors.nurse)
    service.decide_review(actors.nurse, review.id, ReviewOutcome.DIFFERENT)

    assert service.open_reviews(actors.nurse) == []
