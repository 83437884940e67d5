"""The administrator adapts what people choose from; the technician finds it in the forms."""

import pytest

from registry.participants.terms import queries, service
from registry.persistence import database
from registry.vocab.terms import Vocabulary
from tests.factories.custody import biobank, make_checked_out, make_received, make_stored
from tests.factories.samples import make_tube
from tests.factories.terms import make_term
from tests.web.pages import Browser, text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")

REASONS = "/vocabularies/checkout_reason"
NEW = {"fr": "Dosage ELISA", "en": "ELISA", "refines": "analysis"}


@pytest.fixture
def admin(sign_in, actors) -> Browser:
    return sign_in(actors.admin).speak("en")


def offered(vocabulary=Vocabulary.CHECKOUT_REASON):
    database.remove_sessions()
    return [one.given_as for one in queries.offered(vocabulary)]


class TestAdapting:
    def test_the_first_vocabulary_opens_and_leads_to_the_others(self, admin):
        opened = text_of(admin.get("/vocabularies"))
        assert opened == text_of(admin.get(REASONS))
        assert "/vocabularies/disposal_reason" in admin.get(REASONS).text
        assert admin.get("/vocabularies/none").status_code == 404

    def test_a_term_is_added_retired_and_offered_again(self, admin):
        assert admin.send(REASONS, **NEW).location == REASONS
        assert "ELISA elisa Yours, refines “Analysis” Offered" in text_of(admin.get(REASONS))

        admin.send(f"{REASONS}/elisa/retire", page=REASONS)
        assert "analysis:elisa" not in offered()
        assert "ELISA elisa Yours, refines “Analysis” Retired" in text_of(admin.get(REASONS))

        admin.send(f"{REASONS}/elisa/resume", page=REASONS)
        assert "analysis:elisa" in offered()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"fr": ""}, "Fill in this field"),
            ({"en": "Analysis"}, "same English name"),
            ({"refines": "empty"}, "values offered"),
        ],
    )
    def test_what_is_no_term_is_answered(self, admin, changes, sentence):
        answer = admin.send(REASONS, **{**NEW, **changes})

        assert answer.status_code == 422
        assert sentence in text_of(answer)

    def test_who_chooses_does_not_adapt(self, technician):
        assert technician.get(REASONS).status_code == 403


class TestChoosing:
    def test_a_check_out_offers_it_and_shows_it(self, technician, actors):
        make_term(actors)
        code = make_stored(actors).code
        page = f"/samples/{code}/check-out"
        assert 'value="analysis:elisa"' in technician.get(page).text

        sent = technician.send(page, to_user_id=str(actors.technician.id), reason="analysis:elisa")

        assert sent.status_code == 303
        assert text_of(technician.get(f"/samples/{code}")).count("ELISA (Analysis)") == 2
        technician.speak("fr")
        assert "Dosage ELISA (Analyse)" in text_of(technician.get(f"/samples/{code}"))

    def test_a_reason_of_the_rules_that_is_not_offered_is_not_in_the_forms(
        self, technician, actors, admin
    ):
        make_term(actors)
        admin.send(f"{REASONS}/analysis/retire", page=REASONS)
        page = technician.get(f"/samples/{make_stored(actors).code}/check-out").text
        assert 'value="analysis"' not in page
        assert 'value="analysis:elisa"' in page
        # A pick list asks for no more than the reason that a term refines.
        assert 'value="analysis"' in technician.get("/picks/new").text

    def test_tubes_are_thrown_away_for_a_term(self, technician, actors):
        make_term(actors, "Leaky cap", refines="damaged", vocabulary=Vocabulary.DISPOSAL_REASON)
        code = make_received(actors).code

        technician.send("/samples/dispose", codes=lines(code), reason="damaged:leaky_cap")

        assert "Leaky cap (Broken or leaking)" in text_of(technician.get(f"/samples/{code}"))

    def test_a_tube_arrives_in_a_condition_of_the_place(self, technician, actors):
        make_term(actors, "Cap loose", refines="leaking", vocabulary=Vocabulary.CONDITION)
        code = make_tube(actors).code
        page = technician.get("/samples/receive").text
        site_id = str(biobank(actors))
        assert 'value="leaking:cap_loose"' in page

        technician.send(
            "/samples/receive", codes=lines(code), site_id=site_id, condition="leaking:cap_loose"
        )

        assert "Condition: Cap loose (" in text_of(technician.get(f"/samples/{code}"))

    @pytest.mark.parametrize("page", ["return", "take-back"])
    def test_a_tube_comes_back_in_a_condition_of_the_place(self, technician, actors, page):
        make_term(actors, "Cap loose", refines="leaking", vocabulary=Vocabulary.CONDITION)
        code = make_checked_out(actors).code
        several = page == "take-back"

        technician.send(
            f"/samples/{page}" if several else f"/samples/{code}/{page}",
            condition="leaking:cap_loose",
            **({"codes": lines(code)} if several else {}),
        )

        assert "Condition: Cap loose (" in text_of(technician.get(f"/samples/{code}"))

    @pytest.mark.parametrize("reason", ["", "analysis:", "analysis:none", "none:elisa", ":"])
    def test_what_is_not_offered_is_answered(self, technician, actors, reason):
        make_term(actors)
        page = f"/samples/{make_stored(actors).code}/check-out"

        sent = technician.send(page, to_user_id=str(actors.technician.id), reason=reason)

        assert sent.status_code == (303 if reason == "analysis:" else 422)


class TestKinds:
    """Types, containers and units: chosen where tubes are made, planned and taken in."""

    def test_aliquots_are_made_under_a_name_of_the_place(self, technician, actors, now):
        make_term(actors, "Poor", fr="Pauvre", refines="PL2", vocabulary=Vocabulary.SAMPLE_TYPE)
        code = make_received(actors).code
        page = f"/samples/{code}/aliquots/new"
        assert 'value="PL2:poor"' in technician.get(page).text

        answer = technician.send(
            page, volume="0,5", unit="mL", children=lines("T07000002"), sample_type="PL2:poor",
            container_type="PPS",
        )  # fmt: skip

        assert answer.status_code == 303
        assert "PL2 Poor" in text_of(technician.get("/samples/T07000002"))
        assert "Made: Poor" in text_of(technician.get(f"/samples/{code}"))
        technician.speak("fr")
        assert "PL2 Pauvre" in text_of(technician.get("/samples?type=PL2"))

    def test_a_term_of_another_type_is_answered(self, technician, actors):
        make_term(actors, "Poor", fr="Pauvre", refines="PL2", vocabulary=Vocabulary.SAMPLE_TYPE)
        page = f"/samples/{make_received(actors).code}/aliquots/new"

        answer = technician.send(
            page, volume="0,5", unit="mL", count="1", sample_type="PL1:poor", container_type="PPS"
        )

        assert answer.status_code == 422
        assert "values offered" in text_of(answer)

    def test_what_is_not_offered_is_in_no_form_but_for_the_parent_s_own(self, technician, actors):
        service.retire(actors.admin, Vocabulary.CONTAINER_TYPE, "GLS")
        service.retire(actors.admin, Vocabulary.SAMPLE_TYPE, "BLD")
        service.retire(actors.admin, Vocabulary.UNIT, "uL")

        of_blood = technician.get(f"/samples/{make_received(actors).code}/aliquots/new").text
        tray = technician.get("/tray/new").text

        assert 'value="BLD"' in of_blood
        assert 'value="BLD"' not in tray
        assert all(
            f'value="{gone}"' not in page for page in (of_blood, tray) for gone in ("GLS", "uL")
        )

    def test_units_are_offered_or_not_and_none_is_added(self, admin):
        units = "/vocabularies/unit"
        page = text_of(admin.get(units))
        assert "The registry’s codes are those of UCUM." in page
        assert "Add a term" not in page

        hidden = admin.hidden("/vocabularies/shortfall")
        answer = admin.post(units, {**hidden, "fr": "x", "en": "x", "refines": "mL"})

        assert answer.status_code == 409
        assert "reckon" in text_of(answer)
