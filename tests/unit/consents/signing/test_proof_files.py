"""Scans: what is taken, whose they are, who sees them, and that they go with the identity."""

import hashlib
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from registry import documents
from registry.audit.models import AuditEntry
from registry.consents.signing import policies, proofs, service
from registry.consents.signing.models import Consent
from registry.documents.kinds import JPEG, PDF, PNG, media_type_of
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken, TooManyAttempts
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.audit import LOOKS, AuditTag
from registry.vocab.consent import ProofReason, ProofState
from registry.vocab.erasure import Destroyed
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template, signed_form
from tests.factories.identity import erase_person, make_person
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.scans import jpeg, pdf, png

pytestmark = pytest.mark.usefixtures("app")

WHY = {"kind": ProofReason.DOUBT, "reason": "two answers ticked"}


@pytest.fixture
def participant(actors: People) -> Participant:
    person = make_person(actors.nurse)
    return make_participant(actors, person_uid=person.person_uid)


@pytest.fixture
def consent(actors: People, participant: Participant) -> Consent:
    form = signed_form(make_template(proof_within_days=30))
    return service.record(actors.nurse, participant.id, form)


def entries(tag: AuditTag) -> list[AuditEntry]:
    return list(registry_session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == tag)))


class TestKinds:
    @pytest.mark.parametrize(("content", "kind"), [(pdf(), PDF), (jpeg(), JPEG), (png(), PNG)])
    def test_a_file_is_known_by_its_content(self, content: bytes, kind: str):
        assert media_type_of(content) == kind

    @pytest.mark.parametrize(
        "content",
        [b"", b"<html><script>", b"GIF89a", pdf()[:-8], png()[:-1], jpeg()[:-1], b"PK\x03\x04"],
    )
    def test_what_is_cut_short_or_something_else_is_not(self, content: bytes):
        assert media_type_of(content) is None


class TestAttach:
    def test_each_file_is_kept_sealed_with_its_digest(self, actors: People, consent: Consent):
        proofs.attach(actors.nurse, consent.id, [png(), pdf()])

        assert [one.sha256 for one in consent.proofs] == [
            hashlib.sha256(content).hexdigest() for content in (png(), pdf())
        ]
        assert documents.get(consent.proofs[0].document.ref) == png()
        assert consent.proofs[0].document.name == f"consent-{consent.id}.png"

    @pytest.mark.parametrize("content", [b"<html>", b"x" * 10])
    def test_something_else_than_a_scan_is_refused(
        self, actors: People, consent: Consent, content: bytes
    ):
        with pytest.raises(InvalidInput):
            proofs.attach(actors.nurse, consent.id, [content])

    def test_a_file_that_is_too_large_is_refused(
        self, actors: People, consent: Consent, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "SCAN_BYTES_MAX", 20)

        with pytest.raises(InvalidInput):
            proofs.attach(actors.nurse, consent.id, [png()])

    def test_no_file_and_too_many_are_refused(
        self, actors: People, consent: Consent, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "SCANS_MAX", 1)

        with pytest.raises(InvalidInput):
            proofs.attach(actors.nurse, consent.id, [])
        with pytest.raises(RuleBroken):
            proofs.attach(actors.nurse, consent.id, [png("1"), png("2")])

    def test_the_scan_of_another_participant_is_refused(self, actors: People, consent: Consent):
        proofs.attach(actors.nurse, consent.id, [png()])
        other = make_consent(actors, make_participant(actors))

        with pytest.raises(InvalidInput, match="another participant"):
            proofs.attach(actors.nurse, other.id, [png()])

    def test_the_same_file_is_attached_once_but_may_prove_two_forms(
        self, actors: People, consent: Consent
    ):
        proofs.attach(actors.nurse, consent.id, [png()])
        second = make_consent(actors, consent.participant, template=make_template(code="GENES"))

        assert proofs.attach(actors.nurse, second.id, [png()])
        with pytest.raises(InvalidInput):
            proofs.attach(actors.nurse, consent.id, [png()])

    def test_a_correction_has_the_same_papers_unless_they_are_of_another_form(
        self, actors: People, consent: Consent
    ):
        proofs.attach(actors.nurse, consent.id, [png()])
        form = signed_form(consent.template)

        kept = service.correct(actors.nurse, consent.id, form, reason="misread")
        bare = service.correct(actors.nurse, kept.id, form, reason="wrong scan", keeps_proofs=False)

        assert [one.document_id for one in kept.proofs] == [consent.proofs[0].document_id]
        assert not bare.proofs
        with pytest.raises(RuleBroken):
            proofs.attach(actors.nurse, consent.id, [pdf()])

    def test_somebody_elsewhere_may_not(self, actors: People, consent: Consent):
        with pytest.raises(NotPermitted):
            proofs.attach(actors.other_site_nurse, consent.id, [png()])


class TestLook:
    @pytest.fixture(autouse=True)
    def attached(self, app: Flask, actors: People, consent: Consent) -> None:
        proofs.attach(actors.nurse, consent.id, [png()])

    def test_it_is_recorded_as_a_look_at_the_person(self, actors: People, consent: Consent):
        proofs.look(actors.dpo, consent.id, **WHY)

        [entry] = entries(AuditTag.CONSENT_PROOF_OPENED)
        assert AuditTag.CONSENT_PROOF_OPENED in LOOKS
        assert entry.reason == "two answers ticked"
        assert entry.details["persons"] == [consent.participant.person_uid]
        assert entry.details["kind"] == ProofReason.DOUBT

    def test_looks_are_bounded_like_those_at_identities(
        self, actors: People, consent: Consent, monkeypatch: pytest.MonkeyPatch
    ):
        for _ in range(limits.IDENTITY_LOOKS_MAX):
            proofs.look(actors.dpo, consent.id, **WHY)

        with pytest.raises(TooManyAttempts):
            proofs.look(actors.dpo, consent.id, **WHY)

    def test_it_needs_a_reason(self, actors: People, consent: Consent):
        with pytest.raises(InvalidInput):
            proofs.look(actors.dpo, consent.id, kind=ProofReason.DOUBT, reason="  ")

    def test_a_reason_that_says_who_it_is_is_refused(self, actors: People, consent: Consent):
        reason = "Amelie Rose Lefebvre Durand called"

        with pytest.raises(InvalidInput, match="says who the person is"):
            proofs.look(actors.dpo, consent.id, kind=ProofReason.DOUBT, reason=reason)

        assert not entries(AuditTag.CONSENT_PROOF_OPENED)

    @pytest.mark.parametrize("who", ["other_site_nurse", "technician", "data_manager"])
    def test_others_may_not(self, actors: People, consent: Consent, who: str):
        with pytest.raises(NotPermitted):
            proofs.look(getattr(actors, who), consent.id, **WHY)
        with pytest.raises(NotPermitted):
            proofs.content(getattr(actors, who), consent.id, consent.proofs[0].id)

    def test_a_file_of_another_consent_is_not_found(self, actors: People, consent: Consent):
        with pytest.raises(NotFound):
            proofs.content(actors.nurse, consent.id, consent.proofs[0].id + 1)

    def test_without_a_scan_there_is_nothing_to_open(self, actors: People):
        bare = make_consent(actors, make_participant(actors))

        with pytest.raises(RuleBroken):
            proofs.look(actors.nurse, bare.id, **WHY)


class TestStanding:
    def test_a_scan_is_due_then_missing_then_there(self, actors: People, consent: Consent):
        today = clock.today()
        due_on = today + timedelta(days=30)

        assert self.state(consent, due_on) is ProofState.DUE
        assert self.state(consent, due_on + timedelta(days=1)) is ProofState.MISSING
        proofs.attach(actors.nurse, consent.id, [png()])
        assert self.state(consent, due_on + timedelta(days=1)) is ProofState.ATTACHED

    def test_a_form_may_ask_for_none(self, actors: People):
        bare = make_consent(actors, make_participant(actors))

        assert self.state(bare, clock.today()) is ProofState.NOT_ASKED

    def state(self, consent: Consent, on: date) -> ProofState:
        return policies.proof_standing(consent, on).state


class TestErased:
    def test_the_content_goes_and_the_row_and_its_digest_stay(
        self, actors: People, consent: Consent
    ):
        [proof] = proofs.attach(actors.nurse, consent.id, [png()])
        ref, digest = proof.document.ref, proof.sha256

        certificate = erase_person(actors, consent.participant.person_uid)

        assert not documents.holds(ref)
        assert certificate.destroyed[Destroyed.PROOFS.value] == 1
        kept = registry_session.get_one(Consent, consent.id)
        assert [one.sha256 for one in kept.proofs] == [digest]
        assert policies.proof_standing(kept, clock.today()).state is ProofState.DESTROYED
        with pytest.raises(RuleBroken):
            proofs.look(actors.nurse, consent.id, **WHY)
        with pytest.raises(RuleBroken):
            proofs.attach(actors.nurse, consent.id, [pdf()])

    def test_what_a_restored_backup_brings_back_is_destroyed_when_it_is_told_again(
        self, actors: People, consent: Consent
    ):
        from registry.consents.signing.handlers import on_person_erased
        from registry.identity.events import PersonErased
        from registry.persistence import unit_of_work

        [proof] = proofs.attach(actors.nurse, consent.id, [png()])
        ref, uid = proof.document.ref, consent.participant.person_uid
        erase_person(actors, uid)
        documents.put(png())
        assert documents.holds(ref)

        with unit_of_work():
            on_person_erased(PersonErased(OPERATOR, uid, clock.today()))

        assert not documents.holds(ref)

    def test_an_erasure_that_is_undone_keeps_the_scans(
        self, actors: People, consent: Consent, monkeypatch: pytest.MonkeyPatch
    ):
        from registry.identity.erasure import tombstones

        def fail(*_: object) -> None:
            raise OSError("disk full")

        [proof] = proofs.attach(actors.nurse, consent.id, [png()])
        monkeypatch.setattr(tombstones, "append", fail)

        with pytest.raises(OSError, match="disk full"):
            erase_person(actors, consent.participant.person_uid)

        assert documents.holds(proof.document.ref)
