"""The pages of partners' keys: one person records, another compares, one retires."""

import io
import re

import pytest

from registry.custody.exchange import fingerprints, keys
from registry.persistence import registry_session
from tests.factories.accounts import make_other_manager
from tests.factories.exchange import make_key_file, make_known, make_public_key
from tests.factories.shipments import make_partner
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def partner_id(actors):
    return make_partner(actors).id


@pytest.fixture
def recorded(actors, partner_id):
    return keys.record(actors.data_manager, partner_id, make_key_file()).id


@pytest.fixture
def manager(sign_in, actors):
    return sign_in(actors.data_manager).speak("en")


@pytest.fixture
def colleague(sign_in, actors):
    return sign_in(make_other_manager()).speak("en")


def counting(partner_id):
    registry_session.rollback()
    return keys.counting(partner_id)


def test_our_own_key_is_shown_and_handed_out(technician, partner_id):
    page = text_of(technician.get(f"/partners/{partner_id}/keys"))
    file = technician.get("/partners/own-key.json")
    assert fingerprints.of(file.json["public_key"]) in page


def test_a_file_is_recorded_and_its_fingerprint_not_shown(manager, partner_id):
    form = f"/partners/{partner_id}/keys/new"
    hidden = dict(
        re.findall(r'name="(csrf_token|request_key)" value="([^"]+)"', manager.get(form).text)
    )
    answer = manager.post(
        form,
        {**hidden, "file": (io.BytesIO(make_key_file()), "key.json")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    page = text_of(manager.get(answer.location))
    assert "Waits to be compared" in page
    assert fingerprints.of(make_public_key()) not in page
    assert counting(partner_id) is None


def test_without_a_file_it_says_so(manager, partner_id):
    answer = manager.send(f"/partners/{partner_id}/keys/new")
    assert answer.status_code == 422
    assert "no key file" in text_of(answer)


def test_whoever_recorded_it_does_not_compare_it(manager, partner_id, recorded):
    answer = manager.send(
        f"/partners/keys/{recorded}/compare", fingerprint=fingerprints.of(make_public_key())
    )
    assert answer.status_code == 409
    assert "ask a colleague" in text_of(answer)
    assert counting(partner_id) is None


def test_a_colleague_types_what_was_read_out(colleague, partner_id, recorded):
    form = f"/partners/keys/{recorded}/compare"
    assert fingerprints.of(make_public_key()) not in text_of(colleague.get(form))
    wrong = colleague.send(form, fingerprint=fingerprints.of(make_public_key("another")))
    assert wrong.status_code == 303
    assert "differs" in text_of(colleague.get(wrong.location))
    assert counting(partner_id) is None
    right = colleague.send(form, fingerprint=fingerprints.of(make_public_key()))
    assert right.status_code == 303
    assert "counts from now on" in text_of(colleague.get(right.location))
    assert counting(partner_id).id == recorded


def test_it_is_retired_with_a_reason(manager, actors, partner_id):
    key = make_known(actors).id
    form = f"/partners/keys/{key}/retire"
    assert manager.send(form, reason="").status_code == 422
    answer = manager.send(form, reason="The machine was stolen.")
    assert answer.status_code == 303
    assert "The machine was stolen." in text_of(manager.get(answer.location))
    assert counting(partner_id) is None


def test_a_technician_reads_and_records_nothing(technician, partner_id, recorded):
    page = technician.get(f"/partners/{partner_id}/keys")
    assert page.status_code == 200
    assert f"/keys/{recorded}/compare" not in page.text
    assert technician.get(f"/partners/{partner_id}/keys/new").status_code == 403
    assert technician.get(f"/partners/keys/{recorded}/retire").status_code == 403
