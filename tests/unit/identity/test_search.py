"""Asking who is known, without learning who is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import pace, service
from registry.identity.traits import HospitalId, Traits
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotPermitted, TooManyAttempts
from registry.persistence import db, registry_session, unit_of_work
from registry.vocab import limits
from registry.vocab.identity import Agreement, Compared, Verdict
from tests.factories.identity import make_person, make_traits


@pytest.fixture
def known(app, actors):
    return make_person(actors.nurse).person_uid


def uids(found):
    return [one.person_uid for one in found]


class TestFinding:
    @pytest.mark.parametrize(
        "traits",
        [
            make_traits(),
            Traits("LEFEBVRE DURAND", "amelie", birth_date=date(1962, 4, 17)),
            Traits("Durand", "Amélie", birth_date=date(1962, 4, 17)),
            Traits("Lefevre-Durant", None, birth_date=date(1962, 4, 17)),
            Traits(None, "Amélie", birth_date=date(1962, 4, 17), town="St Étienne"),
            Traits("Amélie", "Lefebvre Durand", birth_date=date(1962, 4, 17)),
            Traits("Lefebvre Durand", "Amélie"),
            make_traits(birth_date=date(1962, 4, 11)),
            make_traits(birth_date=date(1926, 4, 17)),
        ],
    )
    def test_she_is_found_however_she_is_written(self, known, actors, traits):
        assert uids(service.search(actors.nurse, traits=traits)) == [known]

    def test_she_is_found_by_her_number_alone(self, known, actors):
        (found,) = service.search(
            actors.nurse, traits=Traits(), hospital_identifier=HospitalId("par", "00 42137")
        )
        assert found.person_uid == known
        assert found.agreement[Compared.IDENTIFIER] is Agreement.EXACT
        assert found.verdict is Verdict.REVIEW

    def test_nobody_is_found_when_nobody_is_known(self, app, actors):
        assert service.search(actors.nurse, traits=make_traits()) == []

    def test_a_stranger_finds_nobody(self, known, actors):
        stranger = Traits("Nguyen", "Paul", birth_date=date(1990, 1, 2))
        assert service.search(actors.nurse, traits=stranger) == []

    def test_the_answer_tells_how_far_each_field_agrees_and_nothing_else(self, known, actors):
        (found,) = service.search(actors.nurse, traits=make_traits(given_names="Amelle Rose"))
        assert found.verdict is Verdict.REVIEW
        assert found.agreement == {
            Compared.BIRTH_NAME: Agreement.EXACT,
            Compared.GIVEN_NAMES: Agreement.CLOSE,
            Compared.BIRTH_DATE: Agreement.EXACT,
            Compared.SEX: Agreement.EXACT,
            Compared.BIRTH_PLACE: Agreement.EXACT,
            Compared.RESIDENCE: Agreement.EXACT,
            Compared.IDENTIFIER: Agreement.MISSING,
        }

    def test_the_likeliest_come_first(self, known, actors):
        twin = make_person(actors.nurse, number="0042138", given_names="Charlotte").person_uid
        found = service.search(actors.nurse, traits=make_traits(given_names="Charlotte"))
        assert uids(found) == [twin, known]


class TestWhoMayAsk:
    @pytest.mark.parametrize("role", ["technician", "investigator", "data_manager", "dpo", "admin"])
    def test_nobody_but_nurses(self, app, actors, role):
        with pytest.raises(NotPermitted):
            service.search(getattr(actors, role), traits=make_traits())

    @pytest.mark.parametrize(
        "traits",
        [
            Traits(),
            Traits("Durand"),
            Traits(given_names="Amélie"),
            Traits(birth_date=date(1962, 4, 17)),
            Traits("Durand", town="Paris", postal_code="75014"),
        ],
    )
    def test_one_trait_alone_would_list_everybody_who_has_it(self, app, actors, traits):
        with pytest.raises(InvalidInput):
            service.search(actors.nurse, traits=traits)

    def test_too_many_searches_are_refused_until_time_has_passed(self, app, actors, monkeypatch):
        monkeypatch.setattr(pace, "SEARCHES", replace(pace.SEARCHES, most=3))
        for _ in range(3):
            service.search(actors.nurse, traits=make_traits())

        with pytest.raises(TooManyAttempts):
            service.search(actors.nurse, traits=make_traits())
        service.search(actors.other_site_nurse, traits=make_traits())
        later = clock.now() + timedelta(seconds=limits.IDENTITY_SEARCH_WINDOW_SECONDS + 1)
        with clock.frozen(later):
            service.search(actors.nurse, traits=make_traits())

    def test_whoever_searches_too_often_is_recorded(self, app, actors, audit_tags, monkeypatch):
        monkeypatch.setattr(pace, "SEARCHES", replace(pace.SEARCHES, most=0))

        with pytest.raises(TooManyAttempts):
            service.search(actors.nurse, traits=make_traits())

        assert audit_tags() == ["identity:refused"]


class TestWhatIsRecorded:
    def test_which_fields_were_used_and_how_many_were_found(self, known, actors):
        service.search(
            actors.nurse,
            traits=Traits("Lefebvre", "Amélie", birth_date=date(1962, 4, 17)),
            hospital_identifier=HospitalId("PAR", "0042137"),
        )
        entry = registry_session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == "identity:searched")
        ).one()
        assert entry.actor_id == actors.nurse.id
        assert entry.details == {
            "fields": ["birth_name", "given_names", "birth_date", "hospital_identifier"],
            "compared": 1,
            "found": 1,
        }

    def test_no_entry_holds_a_value(self, known, actors):
        service.search(actors.nurse, traits=make_traits())
        service.reveal(actors.nurse, known, reason="appel du patient")
        for entry in registry_session.scalars(sa.select(AuditEntry)):
            text = f"{entry.details} {entry.object_ref}".casefold()
            for value in ("lef", "amélie", "amelie", "1962", "0042137", "42000"):
                assert value not in text


class TestThatNothingIsScanned:
    @pytest.fixture
    def many(self, app, sites):
        operator = Actor.system("import")
        with unit_of_work():
            for number in range(300):
                service.enrol(
                    operator,
                    traits=Traits(
                        f"Nom{chr(65 + number % 26)}{chr(65 + number // 26)}x",
                        f"Pré{chr(97 + number % 26)}{chr(97 + number // 26)}o",
                        birth_date=date(1930, 1, 1) + timedelta(days=61 * number),
                    ),
                    hospital_identifier=HospitalId("PAR", str(100_000 + 37 * number)),
                )

    def test_only_those_who_share_an_index_are_opened(self, many, known, actors, decryptions):
        assert uids(service.search(actors.nurse, traits=make_traits())) == [known]
        assert 2 <= len(decryptions) <= 10

    def test_no_query_walks_through_a_table(self, many, known, actors, vault_queries):
        service.search(
            actors.nurse,
            traits=make_traits(),
            hospital_identifier=HospitalId("PAR", "0042137"),
        )
        asked = list(vault_queries)
        assert asked
        if db.engines["identity"].dialect.name == "sqlite":
            assert not self.scanned(asked)

    def scanned(self, asked):
        walks = []
        with db.engines["identity"].connect() as connection:
            for statement, parameters in asked:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                walks += [
                    row.detail
                    for row in plan
                    for table in ("index_entry", "identity_record", "person")
                    if row.detail.startswith(f"SCAN {table}")
                ]
        return walks

    def test_however_many_share_an_index_few_are_opened(
        self, app, actors, decryptions, monkeypatch
    ):
        monkeypatch.setattr(limits, "IDENTITY_CANDIDATES_MAX", 5)
        operator = Actor.system("import")
        with unit_of_work():
            for number in range(12):
                service.enrol(
                    operator,
                    traits=Traits("Legrand", birth_date=date(1962, 4, 17)),
                    hospital_identifier=HospitalId("PAR", f"7{number:03}1"),
                )
            wanted = make_person(operator).person_uid
        decryptions.clear()

        found = service.search(actors.nurse, traits=make_traits())
        assert wanted in uids(found)
        assert len(decryptions) == 10
