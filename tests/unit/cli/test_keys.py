"""The keys on the command line: status, change, ceremony."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import Settings
from registry.crypto.keyring import Keyring
from registry.identity.models import Person, table_of
from registry.kernel import clock


@pytest.fixture
def own_keys(settings: Settings) -> Path:
    """Where the command line keeps its own keys."""
    return settings.data_dir / "data" / "keys"


def words(output: str) -> list[str]:
    """The shares in what was printed, each as one line of words."""
    numbered = [line.split() for line in output.splitlines() if line[:4].strip().isdigit()]
    shares: list[list[str]] = []
    for number, word in (line for line in numbered if len(line) == 2):
        if number == "1":
            shares.append([])
        shares[-1].append(word)
    return [" ".join(share) for share in shares]


def test_status_shows_each_key_and_what_comes_next(run):
    shown = run("keys", "status")
    assert shown.exit_code == 0
    assert "encryption" in shown.output
    assert "index: nothing to do" in shown.output


def test_status_says_why_the_vault_is_closed(run, own_keys):
    (own_keys / "identity.json").unlink()
    shown = run("keys", "status")
    assert shown.exit_code == 0
    assert "identity.json is not in the key directory" in shown.output
    assert "restore the key file" in shown.output


def test_status_tells_keys_of_another_vault_that_bear_the_same_numbers(run, own_keys, tmp_path):
    run("keys", "rotate", "encryption", "--staged")
    Keyring.generate(tmp_path / "other")
    (own_keys / "identity.json").write_bytes((tmp_path / "other" / "identity.json").read_bytes())

    shown = run("keys", "status")

    assert "another key bears its number" in shown.output
    assert "encryption: rows need a key that is not here" in shown.output


def test_a_key_stays_unless_its_retirement_is_confirmed(run, own_keys):
    run("keys", "rotate", "encryption")
    run("keys", "rewrap")

    unsure = run("keys", "retire", "encryption", "1", "--oldest-backup", "2100-01-01", typed="n\n")

    assert unsure.exit_code == 1
    assert "Retire it?" in unsure.output
    assert sorted(Keyring(own_keys).vault().encryption.keys) == [1, 2]


@pytest.mark.parametrize(("purpose", "work"), [("encryption", "rewrap"), ("index", "reindex")])
def test_a_key_is_changed_from_beginning_to_end(run, own_keys, purpose, work):
    assert "number 2 is in use" in run("keys", "rotate", purpose).output
    assert run("keys", work).exit_code == 0
    retired = run("keys", "retire", purpose, "1", "--oldest-backup", "2100-01-01", "--yes")
    assert "number 1 is retired" in retired.output
    assert list(Keyring(own_keys).vault().of(purpose).keys) == [2]


def test_a_damaged_row_is_told_by_the_work_and_by_the_status(run, settings):
    keyless = {"uid": "0" * 32, "standing": "tentative", "key_number": 1, "reference": 1}
    blob = bytes((1, 1, 0, 0, 0, 1)) + bytes(60)
    engine = sa.create_engine(settings.identity_url)
    with engine.begin() as connection:
        connection.execute(
            sa.insert(table_of(Person)),
            {**keyless, "wrapped_key": blob, "created_at": clock.now(), "version": 1},
        )
    engine.dispose()
    run("keys", "rotate", "encryption")

    assert "encryption: 1 rows do not open" in run("keys", "rewrap").output
    assert "encryption: 1 rows do not open" in run("keys", "status").output
    refused = run("keys", "retire", "encryption", "1", "--oldest-backup", "2100-01-01", "--yes")
    assert refused.exit_code == 1
    assert "1 do not open" in refused.output


def test_a_key_is_not_retired_while_a_kept_backup_needs_it(run, own_keys):
    run("keys", "rotate", "encryption")
    run("keys", "rewrap")
    refused = run("keys", "retire", "encryption", "1", "--yes")
    assert refused.exit_code == 1
    assert "may need this key" in refused.output
    assert 1 in Keyring(own_keys).vault().encryption.keys


def test_a_staged_key_is_promoted_by_a_second_command(run):
    assert "not in use yet" in run("keys", "rotate", "national", "--staged").output
    assert "keys promote" in run("keys", "status").output
    assert "number 2 is in use" in run("keys", "promote", "national").output


def test_keys_are_handed_over_in_a_file_where_nothing_can_be_written(run, tmp_path, own_keys):
    out = tmp_path / "changed"
    told = run("keys", "rotate", "encryption", "--out", str(out))
    assert "REGISTRY_VAULT_KEYS" in told.output
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(Keyring(own_keys).vault().encryption.keys) == [1]


def test_two_officers_of_three_restore_the_keys(run, tmp_path, own_keys):
    backup = tmp_path / "backup.json"
    shares = words(run("keys", "split", "--out", str(backup)).output)
    assert len(shares) == 3
    before = Keyring(own_keys).vault()

    typed = f"{shares[2]}\n{shares[0]}\n"
    assert "open the backup" in run("keys", "join", str(backup), "--rehearsal", typed=typed).output
    (own_keys / "identity.json").unlink()
    assert run("keys", "join", str(backup), typed=typed).exit_code == 0

    assert Keyring(own_keys).vault() == before


def test_restoring_never_writes_over_keys(run, tmp_path, own_keys):
    backup = tmp_path / "backup.json"
    shares = words(run("keys", "split", "--out", str(backup)).output)
    refused = run("keys", "join", str(backup), typed=f"{shares[0]}\n{shares[1]}\n")
    assert refused.exit_code == 1
    assert "not overwritten" in refused.output


def test_a_word_typed_wrong_and_a_share_given_twice_are_asked_again(run, tmp_path):
    backup = tmp_path / "backup.json"
    first, second, _third = words(run("keys", "split", "--out", str(backup)).output)
    wrong = first.rsplit(" ", 1)[0] + " academic"
    typed = f"{wrong}\n{first}\n{first}\n{second}\n"
    joined = run("keys", "join", str(backup), "--rehearsal", typed=typed)
    assert "Type it again" in joined.output
    assert "given already" in joined.output
    assert "open the backup" in joined.output


def test_the_sealed_backup_does_not_hold_a_key(run, tmp_path, own_keys):
    backup = tmp_path / "backup.json"
    run("keys", "split", "--out", str(backup))
    secret = json.loads((own_keys / "identity.json").read_text())["encryption"]["keys"]["1"]
    assert secret not in backup.read_text()


def test_sealing_needs_a_token_that_is_named(run):
    refused = run("keys", "seal")
    assert refused.exit_code == 1
    assert "REGISTRY_PKCS11_MODULE" in refused.output
