"""The pages on which an identity is corrected and its status raised; no number comes back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.identity.contact_data.models import ContactData
from registry.identity.models import HospitalIdentifier, IdentityRecord, Person
from registry.identity.national.models import NationalIdentifier
from registry.identity.qualification import queries
from registry.kernel import clock
from registry.persistence import registry_session, vault_session
from registry.vocab import limits
from registry.vocab.national import IdentityAttribute, IdentityStatus
from tests.factories import national
from tests.factories.identity import make_person
from tests.factories.national import BIRTH_PLACE, make_number
from tests.factories.participants import make_participant
from tests.web.nurse import count, french

TODAY = french(clock.today())
TYPED = {
    "birth_name": "Lefebvre Durand",
    "given_names": "Amelie Rose",
    "birth_date": "17/04/1962",
    "sex": "female",
    "birth_place": BIRTH_PLACE,
}


@pytest.fixture
def nurse(sign_in, actors):
    return sign_in(actors.nurse).speak("en").confirm()


@pytest.fixture
def participant(app, actors):
    known = make_person(actors.nurse, birth_place=BIRTH_PLACE)
    return make_participant(actors, person_uid=known.person_uid, birth_year=1962)


@pytest.fixture
def pages(participant):
    return f"/participants/{participant.code}"


def standing(actors, participant) -> queries.Standing:
    vault_session.rollback()
    return queries.standing(actors.nurse, participant.person_uid)


def retrieve(browser, pages, **changes):
    typed = {
        **TYPED,
        "national_number": make_number(),
        "kind": "nir",
        "retrieved_on": TODAY,
        **changes,
    }
    return browser.send(f"{pages}/ins/retrieval", **typed)


class TestTheStatus:
    def test_a_new_identity_is_provisional_and_the_page_says_what_is_missing(self, nurse, pages):
        page = nurse.get(f"{pages}/ins").text
        assert "Provisional identity" in page
        assert "See an identity document" in page
        assert "Provisional identity" in nurse.get(pages).text

    def test_a_document_and_a_retrieval_qualify_it(self, nurse, actors, participant, pages):
        sent = nurse.send(
            f"{pages}/ins/document", page=f"{pages}/ins", document="passport", checked_on=TODAY
        )
        assert sent.status_code == 303, sent.text
        assert retrieve(nurse, pages).status_code == 303
        assert standing(actors, participant).status is IdentityStatus.QUALIFIED
        page = nurse.get(f"{pages}/ins").text
        assert "Qualified identity" in page
        assert "Passport" in page

    def test_a_birthplace_in_letters_is_asked_for_as_a_code(self, app, nurse, actors):
        known = make_person(actors.nurse, birth_place="Saint-Étienne")
        other = make_participant(actors, person_uid=known.person_uid, birth_year=1962)
        page = nurse.get(f"/participants/{other.code}/ins").text
        assert "A strict trait is missing" in page
        assert "Étienne" not in page

    def test_attributes_are_marked_with_a_reason(self, nurse, actors, participant, pages):
        sent = nurse.send(
            f"{pages}/ins/attributes", page=f"{pages}/ins", doubtful="y", reason="Two cards"
        )
        assert sent.status_code == 303, sent.text
        assert standing(actors, participant).attributes == {IdentityAttribute.DOUBTFUL}
        assert "Doubtful identity" in nurse.get(pages).text
        assert "Settle that" in nurse.get(f"{pages}/ins").text

    def test_what_is_wrong_is_said_on_the_page(self, nurse, pages):
        sent = nurse.send(f"{pages}/ins/document", page=f"{pages}/ins", checked_on=TODAY)
        assert sent.status_code == 422
        assert 'href="#document' in sent.text

    def test_who_was_overtaken_is_told(self, nurse, pages):
        hidden = nurse.hidden(f"{pages}/ins", f"{pages}/ins/document")
        retrieve(nurse, pages)
        late = nurse.post(
            f"{pages}/ins/document", {**hidden, "document": "passport", "checked_on": TODAY}
        )
        assert late.status_code == 412


class TestTheNumber:
    def test_is_on_no_page_after_it_was_typed(self, nurse, pages):
        number = make_number()
        answers = [
            retrieve(nurse, pages, birth_name="Martin"),
            retrieve(nurse, pages, kind="nia"),
            retrieve(nurse, pages, birth_date="17/04/62"),
            retrieve(nurse, pages),
            nurse.get(f"{pages}/ins"),
            nurse.get(f"{pages}/ins/retrieval"),
            nurse.get(f"{pages}/ins/withdrawal"),
            nurse.get(pages),
        ]
        assert [one.status_code for one in answers] == [409, 422, 422, 303, 200, 200, 200, 200]
        for answer in answers:
            assert number not in answer.text
            assert number[:13] not in answer.text

    def test_is_not_carried_over_the_question_for_the_password(self, nurse, pages):
        hidden = nurse.hidden(f"{pages}/ins/retrieval")
        with clock.frozen(clock.now() + timedelta(seconds=limits.CONFIRMATION_SECONDS + 1)):
            asked = nurse.post(
                f"{pages}/ins/retrieval", {**hidden, **TYPED, "national_number": make_number()}
            )
        assert asked.status_code == 401
        assert make_number() not in asked.text
        assert "Lefebvre" in asked.text

    def test_that_does_not_fit_is_asked_about(self, nurse, actors, participant, pages):
        misfit = make_number(month="05")
        asked = retrieve(nurse, pages, national_number=misfit)
        assert asked.status_code == 422
        assert "Keep the number and mark" in asked.text
        assert misfit not in asked.text
        sent = retrieve(nurse, pages, national_number=misfit, if_incoherent="right")
        assert sent.status_code == 303
        assert standing(actors, participant).status is IdentityStatus.RETRIEVED

    def test_of_another_person_leads_to_the_review(self, nurse, actors, pages):
        retrieve(nurse, pages)
        other = make_person(
            actors.nurse, number="99", birth_name="Nguyen", birth_place=BIRTH_PLACE,
            given_names="Anne", postal_code=None, town=None,
        )  # fmt: skip
        participant = make_participant(actors, person_uid=other.person_uid, birth_year=1962)
        met = retrieve(
            nurse, f"/participants/{participant.code}", birth_name="Nguyen", given_names="Anne"
        )
        assert met.status_code == 303
        assert "/reviews/" in met.location
        assert "Another person has this number" in nurse.get(met.location).text
        assert "National health number" in nurse.get("/reviews").text
        assert count(NationalIdentifier) == 1

    def test_of_somebody_elsewhere_leads_back_to_the_participant(self, nurse, actors, pages):
        other = make_person(
            actors.other_site_nurse, number="99", site="LYO", birth_name="Nguyen",
            given_names="Anne", birth_place=BIRTH_PLACE, postal_code=None, town=None,
        )  # fmt: skip
        national.retrieve(
            actors.other_site_nurse,
            other.person_uid,
            returned=national.coded(birth_name="Nguyen", given_names="Anne"),
        )
        met = retrieve(nurse, pages)
        assert met.location.endswith(pages)
        assert "Another person has this number" in nurse.get(met.location).text

    def test_is_withdrawn_with_a_reason(self, nurse, actors, participant, pages):
        retrieve(nurse, pages)
        sent = nurse.send(f"{pages}/ins/withdrawal", reason="Wrong card")
        assert sent.status_code == 303
        assert count(NationalIdentifier) == 0
        assert standing(actors, participant).status is IdentityStatus.PROVISIONAL


class TestCorrecting:
    REASON = "The civil registry says otherwise"

    def opened(self, nurse, pages):
        page = nurse.send(f"{pages}/identity/correct", reason=self.REASON)
        assert page.status_code == 200, page.text
        return page

    def hidden(self, page, pages, form):
        from tests.web.pages import hidden_values

        where = f"{pages}/identity/correct"
        return hidden_values(page.text, where, f"{where}/{form}")

    def test_the_identity_is_shown_after_a_reason_and_goes_away(self, nurse, pages, audit_tags):
        assert "Lefèbvre" not in nurse.get(f"{pages}/identity/correct").text
        page = self.opened(nurse, pages)
        assert "Lefèbvre-Durand" in page.text
        assert pages in page.headers["Refresh"]
        registry_session.rollback()
        assert "identity:revealed" in audit_tags()

    def test_a_correction_keeps_the_old_spelling_and_lowers_the_status(
        self, nurse, actors, participant, pages
    ):
        retrieve(nurse, pages)
        hidden = self.hidden(self.opened(nurse, pages), pages, "traits")
        sent = nurse.post(
            f"{pages}/identity/correct/traits",
            {**hidden, **TYPED, "birth_date": "18/04/1963", "reason": self.REASON},
        )
        assert sent.status_code == 303, sent.text
        assert "provisional again" in nurse.get(pages).text
        assert "1963" in nurse.get(pages).text
        assert count(IdentityRecord) == 2
        assert standing(actors, participant).status is IdentityStatus.PROVISIONAL

    def test_a_stale_correction_is_refused(self, nurse, participant, pages):
        hidden = self.hidden(self.opened(nurse, pages), pages, "traits")
        typed = {**hidden, **TYPED, "reason": self.REASON}
        assert nurse.post(f"{pages}/identity/correct/traits", typed).status_code == 303
        fresh = self.hidden(self.opened(nurse, pages), pages, "traits")
        again = {**fresh, **TYPED, "given_names": "Rose", "version": hidden["version"]}
        late = nurse.post(f"{pages}/identity/correct/traits", {**again, "reason": self.REASON})
        assert late.status_code == 412
        assert count(IdentityRecord) == 2

    def test_contact_data_are_kept_each_time(self, nurse, pages):
        for telephone in ("06 12 34 56 78", "+32 2 123 45 67"):
            hidden = self.hidden(self.opened(nurse, pages), pages, "contact")
            sent = nurse.post(
                f"{pages}/identity/correct/contact",
                {**hidden, "address": "3 rue des Lilas\nBât. B", "telephone": telephone},
            )
            assert sent.status_code == 303, sent.text
        assert count(ContactData) == 2
        page = self.opened(nurse, pages).text
        assert "+3221234567" in page
        assert "0612345678" not in page

    def test_who_looks_at_the_identity_sees_how_to_reach_the_person(self, nurse, pages):
        hidden = self.hidden(self.opened(nurse, pages), pages, "contact")
        nurse.post(f"{pages}/identity/correct/contact", {**hidden, "email": "a@example.org"})
        retrieve(nurse, pages)
        page = nurse.send(f"{pages}/identity", kind="contact", reason="To call her back")
        assert "a@example.org" in page.text
        assert "Retrieved identity" in page.text
        assert "INS number (NIR) kept sealed" in page.text
        assert make_number()[:13] not in page.text

    def test_a_wrong_telephone_is_refused(self, nurse, pages):
        hidden = self.hidden(self.opened(nurse, pages), pages, "contact")
        sent = nurse.post(f"{pages}/identity/correct/contact", {**hidden, "telephone": "abc"})
        assert sent.status_code == 422
        assert count(ContactData) == 0

    def test_which_number_of_a_hospital_is_in_use_is_asked_and_answered(
        self, nurse, actors, participant, pages
    ):
        assert "which is in use?" not in nurse.get(pages).text
        make_person(actors.nurse, number="1234", birth_place=BIRTH_PLACE)
        assert "which is in use?" in nurse.get(pages).text
        second = vault_session.scalar(
            sa.select(HospitalIdentifier.id).where(HospitalIdentifier.is_alias)
        )
        hidden = self.hidden(self.opened(nurse, pages), pages, "number")
        sent = nurse.post(f"{pages}/identity/correct/number", {**hidden, "number_id": second})
        assert sent.status_code == 303
        vault_session.rollback()
        vault_session.expire_all()
        rows = vault_session.scalars(sa.select(HospitalIdentifier)).all()
        assert {row.id: row.is_alias for row in rows}[second] is False
        assert sum(row.is_alias for row in rows) == 1
        assert "which is in use?" not in nurse.get(pages).text

    def test_a_reason_that_names_the_person_is_refused(self, nurse, pages):
        page = nurse.send(f"{pages}/identity/correct", reason="Madame Lefèbvre a appelé")
        assert page.status_code == 422
        assert count(Person) == 1
