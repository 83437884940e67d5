"""The file of an extract: what is in it, and that no code of the registry is."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from registry import documents
from registry.applications.criteria import Criteria
from registry.custody import service as custody
from registry.extracts import queries
from registry.persistence import registry_session, unit_of_work
from registry.samples.models import Sample
from registry.vocab.applications import State, Variable
from registry.vocab.custody import ActKind
from registry.vocab.samples import SampleType
from tests.factories.accounts import People
from tests.factories.applications import (
    make_application,
    make_donors,
    make_samples,
)
from tests.factories.custody import make_received
from tests.factories.extracts import approved, files_of, manifest, produce, table
from tests.factories.samples import COLLECTED as TAKEN

pytestmark = pytest.mark.usefixtures("app")

TWO_TUBES = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN)


class TestTheFile:
    def test_the_digests_of_the_manifest_are_those_of_the_files(self, actors: People):
        make_donors(actors, 12)

        extract = produce(actors, approved(actors))

        files = files_of(extract)
        listed = {one["name"]: one["sha256"] for one in manifest(extract)["files"]}
        assert listed == {
            name: hashlib.sha256(files[name]).hexdigest()
            for name in ("samples.csv", "dictionary.csv")
        }
        assert extract.sha256 == hashlib.sha256(documents.get(extract.document.ref)).hexdigest()

    def test_every_column_is_in_the_dictionary_in_two_languages(self, actors: People):
        make_donors(actors, 12)

        extract = produce(actors, approved(actors, variables=tuple(Variable)))

        dictionary = table(extract, "dictionary.csv")
        columns = [line["column"] for line in dictionary if not line["code"]]
        assert columns == list(table(extract)[0])
        assert all(line["signification_fr"] and line["meaning_en"] for line in dictionary)
        codes = [line for line in dictionary if line["column"] == "sample_type" and line["code"]]
        assert [line["code"] for line in codes] == ["SER"]

    def test_only_the_columns_asked_for_are_there(self, actors: People):
        make_donors(actors, 12)

        extract = produce(
            actors, approved(actors, variables=(Variable.REMAINING_VOLUME, Variable.SEX))
        )

        row = table(extract)[0]
        assert list(row) == ["participant", "sample", "sex", "remaining_quantity", "unit"]
        assert [row["remaining_quantity"], row["unit"]] == ["0,5", "mL"]

    def test_no_code_of_the_registry_leaves(self, actors: People):
        donors = make_donors(actors, 15, kinds=TWO_TUBES)
        canaries = {donor.code for donor in donors} | {donor.person_uid for donor in donors}
        canaries |= {donor.shown_code for donor in donors}
        canaries |= set(registry_session.scalars(sa.select(Sample.code)))

        extract = produce(actors, approved(actors, variables=tuple(Variable)))

        for name, content in files_of(extract).items():
            text = content.decode("utf-8-sig").upper()
            assert not [canary for canary in canaries if canary.upper() in text], name

    def test_the_stored_file_tells_nothing(self, actors: People, settings: Any):
        make_donors(actors, 15)
        extract = produce(actors, approved(actors))
        code = table(extract)[0]["participant"]

        stored = [path.read_bytes() for path in settings.documents_dir.rglob("*") if path.is_file()]

        # The form that the donors signed is kept beside the extract.
        assert len(stored) == 2
        assert not any(code.encode() in content for content in stored)
        assert not any(b"samples.csv" in content for content in stored)

    def test_rows_are_in_the_order_of_codes_that_say_nothing(self, actors: People):
        make_donors(actors, 15, kinds=TWO_TUBES)

        rows = table(produce(actors, approved(actors)))

        codes = [(row["participant"], row["sample"]) for row in rows]
        assert codes == sorted(codes)

    def test_a_renewed_extract_can_be_joined_and_another_projects_cannot(self, actors: People):
        make_donors(actors, 12)
        application = make_application(actors, state=State.DELIVERED)
        make_donors(actors, 12)

        first = queries.latest(application.id)
        assert first is not None
        renewed = produce(actors, application)
        others = produce(actors, approved(actors))

        codes = [
            {row[key] for row in table(one) for key in ("participant", "sample")}
            for one in (first, renewed, others)
        ]
        assert codes[0] < codes[1]
        assert not codes[1] & codes[2]
        assert [first.seq, renewed.seq] == [1, 2]

    def test_samples_that_are_used_up_are_left_out(self, actors: People):
        donors = make_donors(actors, 12)
        with unit_of_work():
            for donor in donors:
                make_samples(donor, (SampleType.URINE_SPOT,), volume="3")

        extract = produce(actors, approved(actors, criteria=Criteria(min_volume=Decimal(1))))

        assert {row["sample_type"] for row in table(extract)} == {"URN"}

    def test_hours_run_from_collection_to_the_first_time_in_the_cold(self, actors: People):
        with unit_of_work():
            for hours in (2, 3) * 6:
                tube = make_received(actors)
                when = TAKEN + timedelta(hours=hours, minutes=30)
                custody.process(
                    actors.technician, [tube.code], kind=ActKind.FROZEN, happened_at=when
                )

        rows = table(produce(actors, approved(actors, variables=(Variable.HOURS_TO_FREEZING,))))

        assert sorted(row["hours_to_freezing"] for row in rows) == ["2,5"] * 6 + ["3,5"] * 6

    def test_hours_are_blank_until_then(self, actors: People):
        make_donors(actors, 12)

        rows = table(produce(actors, approved(actors, variables=(Variable.HOURS_TO_FREEZING,))))

        assert {row["hours_to_freezing"] for row in rows} == {""}
