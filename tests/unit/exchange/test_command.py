"""The command line takes a partner's manifest in by the same rules as the page."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from registry.app import create_app
from registry.cli import main
from registry.consents.withdrawals.followup import queries as followup
from registry.custody.exchange import answers as receipts, keys, taking_in
from registry.custody.exchange.recalls import answers, calling
from registry.custody.shipments import partners, queries
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.shipping import LineStatus
from tests.factories.consents import make_withdrawal


@pytest.fixture
def run(there):
    """Run ``exchange …`` on the receiver's data directory."""
    environ = {
        "REGISTRY_DATABASE_URL": there.settings.registry_url,
        "REGISTRY_IDENTITY_URL": there.settings.identity_url,
        "REGISTRY_LOCALE": "en",
    }

    def run(*arguments, typed=None):
        return CliRunner().invoke(
            main,
            ["--data-dir", str(there.settings.data_dir), "exchange", *map(str, arguments)],
            obj=create_app,
            env=environ,
            input=typed,
            catch_exceptions=False,
        )

    return run


@pytest.fixture
def given(sent, tmp_path) -> Path:
    """The manifest as a file."""
    path = tmp_path / "manifest.json"
    path.write_bytes(sent[2])
    return path


def kept(there):
    with there.inside() as people:
        return len(taking_in.every(people.technician))


def take_in(run, given, receipt, *codes, more=()):
    lines = "".join(f"{code}\n" for code in codes)
    options = ("--site", "BIO", "--tubes", "-", "--receipt", receipt, *more)
    return run("take-in", given, *options, typed=lines)


class TestChecking:
    def test_who_signed_it_and_what_it_holds_are_said_and_nothing_is_kept(
        self, run, there, sent, given
    ):
        result = run("check", given)
        assert result.exit_code == 0, result.output
        number, codes, _ = sent
        assert f"Shipment {number} of Biobanque de Lyon, signed by" in result.stdout
        assert all(code in result.stdout for code in codes)
        assert kept(there) == 0

    def test_a_changed_one_is_refused_with_a_sentence(self, run, sent, given):
        given.write_bytes(given.read_bytes().replace(sent[1][0].encode(), b"F-0001"))
        result = run("check", given)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: This file was changed after it was signed.")

    def test_an_unknown_signer_is_refused(self, run, there, given):
        with there.inside() as people:
            [partner] = partners.every(people.technician)
            keys.retire(people.data_manager, keys.counting(partner.id).id, "Stolen machine.")
        result = run("check", given)
        assert result.exit_code == 1
        assert "is retired" in result.stderr

    def test_another_file_is_refused(self, run, tmp_path):
        other = tmp_path / "list.txt"
        other.write_text("F-0001")
        result = run("check", other)
        assert result.exit_code == 1
        assert "no signed manifest" in result.stderr


class TestTakingIn:
    def test_the_receipt_is_what_the_sender_takes_in(self, run, here, there, sent, given, tmp_path):
        number, (first, second, third), _ = sent
        receipt = tmp_path / "receipt.json"
        result = take_in(run, given, receipt, first, second, more=("--damaged", second))
        assert result.exit_code == 0, result.output
        assert f"Missing: {third}." in result.stdout
        assert kept(there) == 1
        with here.inside() as people:
            shipment = queries.by_code(people.technician, number)
            receipts.take_in(people.technician, shipment.id, receipt.read_bytes())
            found = {one.sample.code: one.status for one in queries.lines_of(shipment)}
        assert found == {
            first: LineStatus.ARRIVED,
            second: LineStatus.ARRIVED,
            third: LineStatus.MISSING,
        }

    def test_what_is_refused_leaves_nothing_behind(self, run, there, sent, given, tmp_path):
        receipt = tmp_path / "receipt.json"
        result = take_in(run, given, receipt, sent[1][0], more=("--damaged", sent[1][1]))
        assert result.exit_code == 1
        assert "not among the tubes that arrived" in result.stderr
        assert kept(there) == 0
        assert not receipt.exists()

    def test_it_is_taken_in_once(self, run, sent, given, tmp_path):
        assert take_in(run, given, tmp_path / "first.json", *sent[1]).exit_code == 0
        again = take_in(run, given, tmp_path / "second.json", *sent[1])
        assert again.exit_code == 1
        assert "taken in already" in again.stderr

    def test_no_file_is_written_over(self, run, there, sent, given, tmp_path):
        receipt = tmp_path / "receipt.json"
        receipt.write_text("something else")
        result = take_in(run, given, receipt, *sent[1])
        assert result.exit_code == 2
        assert receipt.read_text() == "something else"
        assert kept(there) == 0

    def test_the_site_is_not_guessed(self, run, there, sent, given, tmp_path):
        receipt = tmp_path / "receipt.json"
        result = run("take-in", given, "--tubes", "-", "--receipt", receipt, typed=sent[1][0])
        assert result.exit_code == 1
        assert "--site" in result.stderr
        assert kept(there) == 0

    def test_the_receipt_is_readable_by_its_owner_alone(self, run, sent, given, tmp_path):
        receipt = tmp_path / "receipt.json"
        take_in(run, given, receipt, *sent[1])
        assert json.loads(receipt.read_bytes())["signature"]["algorithm"] == "Ed25519"
        assert receipt.stat().st_mode & 0o077 == 0


class TestRecalls:
    @pytest.fixture
    def recall(self, here, sent, tmp_path) -> Path:
        """The recall of whoever the tubes are of, as a file."""
        with here.inside() as people:
            query = sa.select(Sample).where(Sample.code == sent[1][0])
            withdrawal = make_withdrawal(people, registry_session.scalars(query).one().participant)
            [notice] = followup.notices(people.dpo, withdrawal.id)
            path = tmp_path / "recall.json"
            path.write_bytes(calling.signed(calling.get(people.dpo, notice.id)))
        return path

    def test_its_tubes_are_named_and_the_answer_is_what_the_sender_takes_in(
        self, run, here, there, sent, given, recall, tmp_path
    ):
        take_in(run, given, tmp_path / "receipt.json", *sent[1])
        answer = tmp_path / "answer.json"
        result = run("recall", recall, "--answer", answer)
        assert result.exit_code == 0, result.output
        assert "of Biobanque de Lyon: Return what is left, until" in result.stdout
        assert result.stdout.count("Set apart, not to be used") == len(sent[1])
        with here.inside() as people:
            kept = answers.take_in(people.dpo, answer.read_bytes(), translate=str)
            assert set(answers.tubes_of(kept)) == set(sent[1])

    def test_a_recall_that_cannot_be_believed_leaves_no_answer(self, run, sent, recall, tmp_path):
        recall.write_bytes(recall.read_bytes().replace(sent[1][0].encode(), b"F-0001"))
        answer = tmp_path / "answer.json"
        result = run("recall", recall, "--answer", answer)
        assert result.exit_code == 1
        assert "was changed after it was signed" in result.stderr
        assert not answer.exists()

    def test_an_answer_to_nothing_is_refused(self, run, there, recall, tmp_path):
        answer = tmp_path / "answer.json"
        assert run("recall", recall, "--answer", answer).exit_code == 0
        result = run("answered", answer)
        assert result.exit_code == 1
        assert "of no partner" in result.stderr
