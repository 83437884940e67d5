"""Lists of contacts: sealed, recorded, for whoever may, and kept nowhere."""

import csv
import io
import re

import pytest
import pyzipper
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service as identity
from registry.identity.contact_data import service as contact_data
from registry.identity.contact_data.queries import Contact
from registry.identity.contacts import service
from registry.identity.contacts.service import Wanted
from registry.kernel.actor import Actor, Grant
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.people import ContactPurpose, Role
from tests.factories.identity import make_person, make_traits

REASON = "Invitation to the second visit"


@pytest.fixture
def wanted(app, actors, sites):
    uid = make_person(actors.nurse, birth_name="Lefèbvre", town="=Saint-Étienne").person_uid
    return [Wanted(uid, "ABCD-EFGH", sites.paris)]


def export(actor, wanted, **changes):
    given = {
        "purpose": ContactPurpose.RECALL,
        "reason": REASON,
        "say": str,
        "left_out": {"not_allowed": 2},
        **changes,
    }
    return service.export(actor, wanted, **given)


def opened(made, password=None):
    """The name and the lines of the file in the list."""
    with pyzipper.AESZipFile(io.BytesIO(made.file)) as archive:
        (inside,) = archive.infolist()
        text = archive.read(inside, pwd=(password or made.password).encode())
    return inside, list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))


class TestTheFile:
    def test_it_opens_with_its_password_and_holds_one_line_for_each(self, wanted, actors):
        made = export(actors.identity_officer, wanted)
        inside, lines = opened(made)

        assert inside.filename == f"contacts-{made.number}.csv"
        assert lines[0][:3] == ["Participant code", "Birth name", "Given names"]
        assert lines[1][:5] == ["ABCD-EFGH", "Lefèbvre", "Amélie Rose", "", "17/04/1962"]
        assert len(lines) == 2

    def test_no_cell_is_a_formula(self, wanted, actors):
        _, lines = opened(export(actors.identity_officer, wanted))

        assert "'=Saint-Étienne" in lines[1]

    def test_it_is_sealed_with_aes_256(self, wanted, actors):
        made = export(actors.identity_officer, wanted)
        inside, _ = opened(made)

        assert inside.wz_aes_strength == 3
        assert "Lefèbvre".encode() not in made.file
        with pytest.raises(RuntimeError):
            opened(made, password="another")

    def test_its_password_is_long_random_and_easy_to_dictate(self, wanted, actors):
        passwords = {export(actors.identity_officer, wanted).password for _ in range(3)}

        assert len(passwords) == 3
        for password in passwords:
            assert re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){5}[a-hjkmnp-z2-9]{4}", password)


class TestWhatIsRecorded:
    def test_who_of_whom_and_why_and_never_the_password(self, wanted, actors, sites):
        made = export(actors.identity_officer, wanted)

        entry = registry_session.scalars(
            sa.select(AuditEntry).where(AuditEntry.tag == "contacts:exported")
        ).one()
        assert entry.actor_id == actors.identity_officer.id
        assert (entry.reason, entry.site_id) == (REASON, sites.paris)
        assert entry.object_ref == f"contacts:{made.number}"
        assert entry.details["kind"] == "recall"
        assert entry.details["codes"] == ["ABCD-EFGH"]
        assert entry.details["left_out"] == {"not_allowed": 2}
        assert made.password not in f"{entry.details}{entry.reason}"
        assert "Lef" not in f"{entry.details}{entry.reason}"

    @pytest.mark.parametrize("reason", ["", " x ", "x" * 501])
    def test_without_a_reason_there_is_no_list(self, wanted, actors, audit_tags, reason):
        with pytest.raises(InvalidInput):
            export(actors.identity_officer, wanted, reason=reason)

        assert "contacts:exported" not in audit_tags()


def officer_of(site_id):
    return Actor(
        1, "identity.officer", "Officer", frozenset({Grant(Role.IDENTITY_OFFICER, site_id)})
    )


class TestWhoMay:
    @pytest.mark.parametrize("role", ["nurse", "data_manager", "dpo", "admin", "investigator"])
    def test_the_identity_officer_alone(self, wanted, actors, role):
        with pytest.raises(NotPermitted):
            export(getattr(actors, role), wanted)

    def test_at_the_site_of_every_participant(self, wanted, actors, sites):
        officer = officer_of(sites.lyon)
        with pytest.raises(NotPermitted):
            export(officer, wanted)

        elsewhere = [Wanted(one.person_uid, one.code, sites.lyon) for one in wanted]
        with pytest.raises(NotFound):
            export(officer, elsewhere)

    def test_of_what_another_hospital_received_nothing_is_in_it(self, app, actors, sites):
        uid = make_person(actors.nurse).person_uid
        contact_data.record(actors.nurse, uid, Contact(telephone="0102030405", town="Paris"))
        seen = make_traits(postal_code=None, town=None, birth_place=None)
        again = identity.enrol(actors.other_site_nurse, traits=seen, site="LYO")
        assert again.person_uid == uid

        made = export(officer_of(sites.lyon), [Wanted(uid, "ABCD-EFGH", sites.lyon)])

        (_, line) = opened(made)[1]
        assert line[5:] == ["", "", "", "", "", ""]


class TestHowMany:
    def test_nobody_is_no_list(self, app, actors):
        with pytest.raises(RuleBroken):
            export(actors.identity_officer, [])

    def test_too_many_are_refused(self, wanted, actors, monkeypatch):
        monkeypatch.setattr(limits, "CONTACTS_MAX", 1)
        with pytest.raises(RuleBroken):
            export(actors.identity_officer, wanted * 2)
