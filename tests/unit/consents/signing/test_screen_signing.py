"""Signing on the screen: the text shown is the text signed, and both sides sign."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, strategies as st

from registry import documents
from registry.consents.signing import drawing, printing, proofs, screen, service
from registry.consents.signing.models import Consent
from registry.consents.signing.parties import Signatory
from registry.consents.signing.screen import Ceremony
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.consent import (
    Answer,
    Audience,
    Channel,
    Language,
    ProofKind,
    SignatoryRole as Role,
    Stance,
)
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template, signed_form
from tests.factories.participants import make_participant
from tests.factories.scans import STROKES

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors, birth_year=None)


@pytest.fixture
def template(actors: People) -> ConsentTemplate:
    return make_template(language=Language.ENGLISH)


def ceremony(
    template: ConsentTemplate,
    *who: Signatory,
    answers: Mapping[str, Answer] | None = None,
    drawings: Mapping[Role, str] | None = None,
    **changes: Any,
) -> Ceremony:
    form = signed_form(template, answers, signed_on=clock.today(), signatories=who)
    drawn = {one.role: STROKES for one in who} or {Role.SELF: STROKES}
    given = {
        "form": form,
        "text_sha256": printing.text_digest(template),
        "drawings": drawn if drawings is None else drawings,
        "professional": STROKES,
    }
    return Ceremony(**(given | changes))


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


def proof_of(consent: Consent) -> bytes:
    return documents.get(consent.proofs[0].document.ref)


class TestSign:
    def test_it_is_a_consent_proved_by_its_own_pdf(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        consent = screen.sign(actors.nurse, participant.id, ceremony(template))

        [proof] = consent.proofs
        assert consent.channel is Channel.SCREEN
        assert consent.signed_on == clock.today()
        assert proof.kind is ProofKind.SCREEN
        assert proof.sha256 == hashlib.sha256(proof_of(consent)).hexdigest()
        assert proof.text_sha256 == printing.text_digest(template)

    def test_the_pdf_says_what_was_answered_by_whom_and_bears_the_digest(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        given = ceremony(template, answers={"company": Answer.REFUSED})

        said = text_of(proof_of(screen.sign(actors.nurse, participant.id, given)))

        assert "3. Companies. Answer: I decline" in said
        assert "2. Public research. Answer: I agree" in said
        assert participant.shown_code in said
        assert "The professional who informed – Nurse" in said
        assert printing.text_digest(template)[:40] in said.replace(" ", "")

    def test_a_text_that_is_not_the_one_shown_is_refused(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        given = ceremony(template)
        template.items[0].text = "Keep my samples for ever."

        with pytest.raises(RuleBroken, match="no longer the one"), registry_session.no_autoflush:
            screen._check(given.form, given, participant, None)
        registry_session.rollback()

    def test_another_digest_records_nothing(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        with pytest.raises(RuleBroken):
            screen.sign(actors.nurse, participant.id, ceremony(template, text_sha256="0" * 64))

        assert registry_session.query(Consent).count() == 0

    @pytest.mark.parametrize(
        "changes", [{"drawings": {}}, {"professional": ""}, {"drawings": {Role.SELF: "1,1"}}]
    )
    def test_both_sides_sign(
        self,
        actors: People,
        participant: Participant,
        template: ConsentTemplate,
        changes: dict[str, Any],
    ):
        with pytest.raises(InvalidInput):
            screen.sign(actors.nurse, participant.id, ceremony(template, **changes))

    @pytest.mark.parametrize("answer", [Answer.NOT_ASKED, Answer.UNCLEAR])
    def test_everything_is_answered(
        self,
        actors: People,
        participant: Participant,
        template: ConsentTemplate,
        answer: Answer,
    ):
        given = ceremony(template, answers={"company": answer})

        with pytest.raises(InvalidInput):
            screen.sign(actors.nurse, participant.id, given)

    def test_parents_sign_for_a_minor_whose_own_word_is_printed(
        self, actors: People, participant: Participant
    ):
        form = make_template(code="MINOR", audience=Audience.MINOR, language=Language.ENGLISH)
        who = (
            Signatory(Role.PARENT, alone_reason="The other parent has died."),
            Signatory(Role.SELF, Stance.UNABLE),
        )

        consent = screen.sign(
            actors.nurse, participant.id, ceremony(form, *who, drawings={Role.PARENT: STROKES})
        )

        said = text_of(proof_of(consent))
        assert "A parent – agrees" in said
        assert "The participant – cannot express it did not sign" in said
        assert "The other parent has died." in said

    def test_it_is_signed_again_instead_of_corrected(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        wrong = screen.sign(actors.nurse, participant.id, ceremony(template))
        with pytest.raises(RuleBroken):
            service.correct(actors.nurse, wrong.id, signed_form(template), reason="misread")

        right = screen.sign(
            actors.nurse, participant.id, ceremony(template), supersedes_id=wrong.id
        )

        assert right.supersedes_id == wrong.id

    def test_what_was_signed_on_paper_is_not_superseded_on_the_screen(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        paper = make_consent(actors, participant)

        with pytest.raises(RuleBroken):
            screen.sign(actors.nurse, participant.id, ceremony(template), supersedes_id=paper.id)

    def test_somebody_elsewhere_may_not(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        with pytest.raises(NotPermitted):
            screen.sign(actors.other_site_nurse, participant.id, ceremony(template))

    def test_the_copy_is_handed_over_by_who_recorded_it(
        self, actors: People, participant: Participant, template: ConsentTemplate
    ):
        consent = screen.sign(actors.nurse, participant.id, ceremony(template))
        paper = make_consent(actors, participant, template=make_template(code="PAPER"))

        assert proofs.hand_copy(actors.nurse, consent.id)[1] == proof_of(consent)
        with pytest.raises(NotPermitted):
            proofs.hand_copy(actors.dpo, consent.id)
        with pytest.raises(RuleBroken):
            proofs.hand_copy(actors.nurse, paper.id)


class TestDrawing:
    def test_strokes_become_lines_and_nothing_else(self):
        svg = drawing.read(STROKES, field="drawn_self").svg

        assert svg.count("M") == 2
        assert "L60 90" in svg

    @pytest.mark.parametrize(
        "strokes",
        [
            "", None, "1,1", "a,b", "1,1 2,2;;3,3", '1,1"/><script>', "999,1 1,1", "1,1 1,999",
            " ".join(["5,5"] * 40), "-1,5 1,1",
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, strokes: str | None):
        with pytest.raises(InvalidInput):
            drawing.read(strokes, field="drawn_self")

    def test_more_points_than_a_hand_makes_are_refused(self):
        many = " ".join(f"{n % 600},{n % 200}" for n in range(limits.SIGNATURE_POINTS_MAX + 1))

        with pytest.raises(InvalidInput):
            drawing.read(many, field="drawn_self")

    @given(st.text(alphabet='0123456789, ;<>"/ML', max_size=200))
    def test_whatever_is_sent_the_drawing_holds_numbers_alone(self, strokes: str):
        try:
            svg = drawing.read(strokes, field="drawn_self").svg
        except InvalidInput:
            return
        path = svg.split('d="')[1].split('"')[0]
        assert set(path) <= set("0123456789 ML")
