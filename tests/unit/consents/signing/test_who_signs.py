"""Who signs a form: the table, and what each must show."""

from datetime import date

import pytest

from registry.consents.signing import service
from registry.consents.signing.events import ConsentRecorded
from registry.consents.signing.parties import Signatory
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import events
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.participants.models import Participant
from registry.vocab.consent import Answer, Audience, Channel, SignatoryRole as Role, Stance
from tests.factories.accounts import People
from tests.factories.consents import SIGNED, make_template, signed_form
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.scans import pdf

pytestmark = pytest.mark.usefixtures("app")

ALONE = "The other parent lives abroad and cannot be reached."
GUARDIAN = Signatory(Role.GUARDIAN, paper=pdf("judgment"), authority_from=date(2024, 1, 1))
PARENTS = (Signatory(Role.PARENT), Signatory(Role.SECOND_PARENT))
ONE_PARENT = (Signatory(Role.PARENT, alone_reason=ALONE),)
CHILD = Signatory(Role.SELF)


@pytest.fixture
def child(actors: People) -> Participant:
    return make_participant(actors, birth_year=2015)


def form_for(audience: Audience) -> ConsentTemplate:
    return make_template(code=audience.value.upper(), audience=audience)


def refusal(participant: Participant, audience: Audience, *who: Signatory) -> InvalidInput:
    form = signed_form(form_for(audience), signatories=who)
    with pytest.raises(InvalidInput) as caught:
        service.record(OPERATOR, participant.id, form)
    return caught.value


ENOUGH = [
    (Audience.ADULT, ()),
    (Audience.ADULT, (CHILD, Signatory(Role.WITNESS))),
    (Audience.ADULT, (Signatory(Role.TRUSTED_PERSON), Signatory(Role.WITNESS))),
    (Audience.MINOR, (*PARENTS, CHILD)),
    (Audience.MINOR, (*ONE_PARENT, Signatory(Role.SELF, Stance.UNABLE))),
    (Audience.MINOR, (GUARDIAN, Signatory(Role.SELF, Stance.OPPOSES))),
    (Audience.PROTECTED_ADULT, (GUARDIAN,)),
    (
        Audience.PROTECTED_ADULT,
        (
            Signatory(Role.MANDATE, paper=pdf("mandate"), authority_from=date(2024, 1, 1)),
            Signatory(Role.SELF, Stance.OPPOSES),
        ),
    ),
]


@pytest.mark.parametrize(("audience", "who"), ENOUGH)
def test_these_people_are_enough(actors: People, audience: Audience, who: tuple[Signatory, ...]):
    participant = make_participant(actors, birth_year=None)

    consent = service.record(
        OPERATOR, participant.id, signed_form(form_for(audience), signatories=who)
    )

    assert {(one.role, one.stance) for one in consent.signatories} == {
        (one.role, one.stance) for one in who
    }


@pytest.mark.parametrize(
    ("audience", "who", "field"),
    [
        (Audience.ADULT, (Signatory(Role.TRUSTED_PERSON),), "stance_witness"),
        (Audience.ADULT, (Signatory(Role.PARENT),), "template_id"),
        (Audience.MINOR, (), "stance_guardian"),
        (Audience.MINOR, (CHILD,), "stance_guardian"),
        (Audience.MINOR, (Signatory(Role.PARENT), CHILD), "alone_reason"),
        (Audience.MINOR, (GUARDIAN, Signatory(Role.SECOND_PARENT), CHILD), "stance_parent"),
        (Audience.MINOR, PARENTS, "stance_self"),
        (Audience.PROTECTED_ADULT, (), "stance_mandate"),
        (Audience.PROTECTED_ADULT, (Signatory(Role.GUARDIAN),), "authority_file"),
    ],
)
def test_without_these_people_it_is_refused(
    actors: People, audience: Audience, who: tuple[Signatory, ...], field: str
):
    participant = make_participant(actors, birth_year=None)

    assert refusal(participant, audience, *who).field == field


def test_a_minor_who_declines_genetics_need_not_be_asked(child: Participant):
    form = signed_form(form_for(Audience.MINOR), {"genetics": Answer.REFUSED}, signatories=PARENTS)

    assert service.record(OPERATOR, child.id, form).signatories


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (None, None, "authority_from"),
        (date(2026, 3, 3), None, "authority_from"),
        (date(2024, 1, 1), date(2026, 3, 1), "authority_from"),
        (date(2026, 1, 1), date(2025, 1, 1), "authority_to"),
    ],
)
def test_a_mandate_that_did_not_hold_gives_no_right_to_agree(
    actors: People, since: date | None, until: date | None, field: str
):
    guardian = Signatory(
        Role.GUARDIAN, paper=pdf("judgment"), authority_from=since, authority_to=until
    )

    found = refusal(make_participant(actors), Audience.PROTECTED_ADULT, guardian)

    assert found.field == field


def test_an_opposition_needs_no_paper(actors: People):
    form = signed_form(
        form_for(Audience.PROTECTED_ADULT),
        signatories=(Signatory(Role.GUARDIAN, Stance.OPPOSES),),
    )

    consent = service.record(OPERATOR, make_participant(actors).id, form)

    assert consent.signatories[0].stance is Stance.OPPOSES


def test_only_the_participant_can_be_unable_to_say(child: Participant):
    who = Signatory(Role.PARENT, Stance.UNABLE, alone_reason=ALONE)

    assert refusal(child, Audience.MINOR, who, CHILD).field == "stance_parent"


def test_the_judgment_is_kept_under_a_name_of_codes(actors: People):
    participant = make_participant(actors)
    form = signed_form(form_for(Audience.PROTECTED_ADULT), signatories=(GUARDIAN,))

    paper = service.record(OPERATOR, participant.id, form).signatories[0].authority_document

    assert paper is not None
    assert paper.name == f"authority-{participant.code}.pdf"


def test_a_correction_keeps_the_judgment_that_is_on_record(actors: People):
    form = signed_form(form_for(Audience.PROTECTED_ADULT), signatories=(GUARDIAN,))
    wrong = service.record(OPERATOR, make_participant(actors).id, form)
    kept = Signatory(
        Role.GUARDIAN,
        authority_document_id=wrong.signatories[0].authority_document_id,
        authority_from=date(2024, 1, 1),
    )

    right = service.correct(
        OPERATOR,
        wrong.id,
        signed_form(form_for(Audience.PROTECTED_ADULT), signatories=(kept,)),
        reason="misread",
    )

    assert right.signatories[0].authority_document_id == kept.authority_document_id


@pytest.mark.parametrize(
    ("adult_from", "birth_year", "audience"),
    [
        (date(2030, 5, 1), 2012, Audience.ADULT),
        (date(2020, 5, 1), 2002, Audience.MINOR),
        (None, 1980, Audience.MINOR),
    ],
)
def test_a_form_for_others_is_refused(
    actors: People, adult_from: date | None, birth_year: int, audience: Audience
):
    participant = make_participant(
        actors, birth_year=birth_year, adult_from=adult_from, included_on=date(2019, 1, 1)
    )
    who = (*PARENTS, CHILD) if audience is Audience.MINOR else ()

    assert refusal(participant, audience, *who).field == "template_id"


@pytest.mark.parametrize("channel", [Channel.SCREEN, Channel.ONLINE])
def test_what_records_itself_is_not_recorded_by_hand(actors: People, channel: Channel):
    form = signed_form(make_template(), channel=channel)

    with pytest.raises(InvalidInput):
        service.record(OPERATOR, make_participant(actors).id, form)


def test_a_record_and_its_correction_are_published(actors: People, monkeypatch: pytest.MonkeyPatch):
    told: list[object] = []
    monkeypatch.setattr(events, "publish", told.append)
    participant = make_participant(actors)

    wrong = service.record(OPERATOR, participant.id, signed_form(make_template()))
    right = service.correct(OPERATOR, wrong.id, signed_form(make_template()), reason="misread")

    assert told == [
        ConsentRecorded(OPERATOR, participant.id, wrong.id),
        ConsentRecorded(OPERATOR, participant.id, right.id),
    ]


def test_a_record_is_corrected_once(actors: People):
    wrong = service.record(OPERATOR, make_participant(actors).id, signed_form(make_template()))
    form = signed_form(make_template(), signed_on=SIGNED)
    service.correct(OPERATOR, wrong.id, form, reason="misread")

    with pytest.raises(RuleBroken):
        service.correct(OPERATOR, wrong.id, form, reason="misread again")
