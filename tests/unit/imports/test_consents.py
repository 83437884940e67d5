"""Importing consents: row by row, with their scans; a second run changes nothing."""

import json
import zipfile
from pathlib import Path

import pytest

from registry.consents.decision import decide
from registry.consents.exchange import writing
from registry.consents.signing import queries
from registry.consents.signing.models import Consent
from registry.imports.consents import Told, import_consents, import_fhir
from registry.imports.report import Outcome
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted
from registry.participants.models import Participant
from registry.vocab.consent import Answer, Audience, SignatoryRole, Use
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, SIGNED, make_consent, make_template
from tests.factories.participants import OPERATOR, make_participant

pytestmark = pytest.mark.usefixtures("app")

HEADING = "participant;formulaire;version;signe_le;informe_le;signe_par;scan;" + ";".join(
    item.code for item in ITEMS
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def participant(actors: People) -> Participant:
    make_template()
    return make_participant(actors, included_on=SIGNED)


def row(who: Participant, **changes: str) -> str:
    values = {
        "participant": who.shown_code,
        "form": "form",
        "version": "1",
        "signed_on": "02/03/2026",
        "informed": "02/03/2026",
        "signed_by": "participant",
        "scan": "",
        "biobank": "oui",
        "research": "oui",
        "company": "non",
        "genetics": "non demandé",
        **changes,
    }
    return ";".join(values.values())


def run(tmp_path: Path, *rows: str, scans: dict[str, bytes] | None = None) -> Outcome:
    path, archive = tmp_path / "consents.csv", None
    path.write_text("\n".join([HEADING, *rows]), encoding="utf-8")
    if scans is not None:
        archive = tmp_path / "scans.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for name, content in scans.items():
                file.writestr(name, content)
    return import_consents(OPERATOR, path, scans=archive, started=lambda _n: lambda _m: None)


def recorded(actors: People, participant: Participant) -> list[Consent]:
    return list(queries.of_participant(actors.nurse, participant.id))


def reasons(outcome: Outcome) -> str:
    return " ".join(str(why) for one in outcome.refusals for _field, why in one.problems)


def test_a_row_becomes_a_consent_that_decides(
    actors: People, participant: Participant, tmp_path: Path
):
    outcome = run(tmp_path, row(participant))

    (consent,) = recorded(actors, participant)
    assert outcome.counts["accepted"] == 1
    assert {one.item.code: one.answer for one in consent.answers} == {
        "biobank": Answer.ACCEPTED,
        "research": Answer.ACCEPTED,
        "company": Answer.REFUSED,
        "genetics": Answer.NOT_ASKED,
    }
    today = clock.today()
    assert decide(participant.id, Use.STORE, today).is_allowed
    assert not decide(participant.id, Use.COMMERCIAL_RESEARCH, today).is_allowed


def test_a_second_run_changes_nothing(actors: People, participant: Participant, tmp_path: Path):
    run(tmp_path, row(participant))

    again = run(tmp_path, row(participant))

    assert again.counts["already"] == 1
    assert len(recorded(actors, participant)) == 1


def test_other_answers_to_the_same_paper_are_refused(
    actors: People, participant: Participant, tmp_path: Path
):
    run(tmp_path, row(participant))

    outcome = run(tmp_path, row(participant, company="oui"))

    assert "with other answers" in reasons(outcome)
    assert len(recorded(actors, participant)) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"research": ""}, "Choose an answer"),
        ({"research": "peut-être"}, "yes, no, not asked or unclear"),
        ({"form": "OTHER"}, "no such form"),
        ({"version": "2"}, "no such form"),
        ({"signed_on": "03/02/26"}, "year"),
        ({"signed_on": "02/03/2019"}, "not in use on that day"),
        ({"informed": "03/03/2026"}, "before the form is signed"),
        ({"participant": "AAAA-AAAA"}, ""),
        ({"signed_by": "voisin"}, "guardian or mandate"),
        ({"scan": "missing.png"}, "no file of this name"),
    ],
)
def test_a_wrong_row_is_refused_alone(
    actors: People,
    participant: Participant,
    tmp_path: Path,
    change: dict[str, str],
    sentence: str,
):
    other = make_participant(actors, included_on=SIGNED)

    outcome = run(tmp_path, row(participant, **change), row(other))

    assert (outcome.counts["refused"], outcome.counts["accepted"]) == (1, 1)
    assert sentence in reasons(outcome)
    assert recorded(actors, participant) == []


class TestScans:
    def test_they_are_attached_and_those_left_over_counted(
        self, actors: People, participant: Participant, tmp_path: Path
    ):
        outcome = run(
            tmp_path, row(participant, scan="p1.png"), scans={"p1.png": PNG, "p2.png": PNG}
        )

        (consent,) = recorded(actors, participant)
        assert len(consent.proofs) == 1
        assert outcome.counts["unused_scans"] == 1

    def test_a_file_that_is_no_scan_takes_its_consent_back(
        self, actors: People, participant: Participant, tmp_path: Path
    ):
        outcome = run(tmp_path, row(participant, scan="p1.png"), scans={"p1.png": b"MZ nonsense"})

        assert "PDF, JPEG or PNG" in reasons(outcome)
        assert recorded(actors, participant) == []

    def test_what_is_no_archive_is_refused_as_a_whole(
        self, participant: Participant, tmp_path: Path
    ):
        path, scans = tmp_path / "c.csv", tmp_path / "scans.zip"
        path.write_text(f"{HEADING}\n{row(participant)}", encoding="utf-8")
        scans.write_bytes(b"no zip")

        with pytest.raises(InvalidInput, match="no ZIP file"):
            import_consents(OPERATOR, path, scans=scans, started=lambda _n: lambda _m: None)


def test_parents_sign_for_a_minor(actors: People, tmp_path: Path):
    make_template(audience=Audience.MINOR)
    child = make_participant(
        actors,
        included_on=SIGNED,
        birth_year=SIGNED.year - 10,
        adult_from=SIGNED.replace(year=SIGNED.year + 8, day=1),
    )

    run(tmp_path, row(child, signed_by="parents"))

    (consent,) = recorded(actors, child)
    roles = {one.role for one in consent.signatories}
    assert roles == {SignatoryRole.PARENT, SignatoryRole.SECOND_PARENT}


def test_only_an_operator_imports(actors: People, tmp_path: Path):
    with pytest.raises(NotPermitted):
        import_consents(
            actors.data_manager, tmp_path, scans=None, started=lambda _n: lambda _m: None
        )


class TestFhir:
    def told(self, tmp_path: Path, *resources: str) -> Told:
        path = tmp_path / "consents.ndjson"
        path.write_text("\n".join(resources), encoding="utf-8")
        return import_fhir(OPERATOR, path)

    def test_what_one_registry_writes_another_takes(
        self, actors: People, participant: Participant, tmp_path: Path
    ):
        make_consent(actors, participant, answers={"company": Answer.REFUSED})
        other = make_participant(actors, included_on=SIGNED)
        consents = queries.of_participant(actors.nurse, participant.id)
        bundle = writing.bundle(other, consents, ())

        told = self.told(tmp_path, bundle)

        (taken,) = recorded(actors, other)
        assert told.counts["accepted"] == 1
        assert {one.item.code: one.answer for one in taken.answers}["company"] is Answer.REFUSED

    def test_a_wrong_resource_is_named_by_its_number(
        self, actors: People, participant: Participant, tmp_path: Path
    ):
        make_consent(actors, participant)
        consents = queries.of_participant(actors.nurse, participant.id)
        good = writing.bundle(participant, consents, ())
        wrong = json.loads(good)["entry"][0]["resource"] | {"status": "nonsense"}

        told = self.told(tmp_path, json.dumps(wrong), good)

        assert [number for number, _error in told.refusals] == [1]
        assert told.counts["already"] == 1
