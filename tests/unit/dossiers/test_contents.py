"""The dossier tells everything about one participant, and nothing of anybody else."""

from datetime import date, timedelta

import pytest

from registry.dossiers import policies, printing, service
from registry.dossiers.telling import tell
from registry.extracts import service as extracts
from registry.identity import service as identity
from registry.kernel import clock
from registry.kernel.errors import NotPermitted, RuleBroken
from registry.kernel.messages import Message
from registry.vocab.consent import Channel, Use
from registry.vocab.dossiers import DossierAnswer
from registry.vocab.people import RevealReason
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import check_out, make_stored
from tests.factories.extracts import approved
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.factories.samples import make_consenting_participant
from tests.factories.shipments import make_sent, make_shipment, make_tubes_to_send

#: Words that only somebody else's part of the registry holds.
SOMEBODY = "Zygomatikoff"


def english(message: Message) -> str:
    return str(message)


def told(actor, participant):
    dossier = service.read(actor, participant.id, form="page")
    return tell(dossier, translate=english, language="en")


def words(found) -> str:
    """Everything that is told, in one text."""
    parts = [found.title, found.code, *(f"{name} {value}" for name, value in found.facts)]
    for section in found.sections:
        parts += [section.title, section.lead, *section.headings, *section.sentences]
        parts += [cell for entry in section.entries for cell in entry]
    return "\n".join(parts)


def section(found, title: str):
    return next(one for one in found.sections if one.title.startswith(title))


@pytest.fixture
def person(app, actors):
    return make_person(actors.nurse, birth_name=SOMEBODY)


@pytest.fixture
def participant(actors, person):
    participant = make_participant(actors, person_uid=person.person_uid)
    make_consent(actors, participant)
    return participant


def test_it_tells_what_was_signed_and_whether_it_can_be_proven(actors, participant):
    form = section(told(actors.nurse, participant), "Signed: Form FORM")

    assert "Signed on 02 Mar 2026." in form.lead
    assert "No scan of the signed form is kept." in form.lead
    assert ("Keep my samples.", "Accepted") in [tuple(one) for one in form.entries]


def test_it_tells_what_is_allowed_today_and_why(actors, participant):
    make_withdrawal(actors, participant, Use.GENETICS)
    uses = {
        use: (today, why)
        for use, today, why in section(
            told(actors.nurse, participant), "What your consent allows"
        ).entries
    }

    assert uses["Genetic examination"][0] == "Not allowed"
    assert all(why for _today, why in uses.values())
    assert len(uses) == len(Use)


def test_it_tells_where_each_sample_is_without_naming_who_has_it(actors, participant):
    sample = make_stored(actors, participant=participant)
    check_out(actors, sample.code)
    samples = section(told(actors.nurse, participant), "Your samples")
    lines = {entry[0]: entry for entry in samples.entries}

    assert "Taken out for work: Biobanque" in lines[sample.code]
    assert "Analysis" in lines[sample.code][-1]
    assert actors.technician.name not in "".join(lines[sample.code])


def test_it_tells_who_saw_the_identity_by_function_site_and_kind_of_reason(
    actors, participant, person
):
    identity.reveal(
        actors.nurse,
        person.person_uid,
        reason="Dr Oulipo asked for it",
        kind=RevealReason.CONTACT,
    )
    [look] = section(told(actors.dpo, participant), "Who saw who you are").entries

    assert look[1:] == ["Research nurse", "Hôpital de Paris", "Saw an identity",
                        "To contact the participant"]  # fmt: skip
    assert "Oulipo" not in words(told(actors.dpo, participant))


def test_it_tells_which_projects_received_the_data_and_when(actors, app):
    everyone = [make_consenting_participant(actors, birth_year=1980) for _ in range(12)]
    for one in everyone:
        make_stored(actors, participant=one)
    application = approved(actors)
    extract = extracts.produce(actors.data_manager, application.number)
    [project] = section(told(actors.nurse, everyone[0]), "Projects that received").entries

    assert application.title in project[0]
    assert application.recipient in project[2]
    assert project[4] == "Not handed over"
    assert extract.participants > 1


def test_it_holds_no_other_participants_code_and_no_name_of_the_staff(actors, participant, person):
    other = make_consenting_participant(actors)
    make_stored(actors, participant=other)
    sample = make_stored(actors, participant=participant)
    check_out(actors, sample.code)
    identity.reveal(actors.identity_officer, person.person_uid, reason=f"see {other.code}")
    everything = words(told(actors.nurse, participant))
    staff = [one.name for one in vars(actors).values()] + [
        one.login for one in vars(actors).values() if "." in one.login
    ]

    assert sample.code in everything
    assert other.code not in everything
    assert other.shown_code not in everything
    assert not [name for name in staff if name in everything]
    assert SOMEBODY not in everything


def test_the_file_says_the_same_in_both_languages_and_bears_its_date(actors, participant):
    with clock.frozen(clock.now()):
        dossier = service.read(actors.nurse, participant.id, form="pdf")
    files = {
        spoken: printing.pdf(dossier, translate=english, language=spoken) for spoken in ("fr", "en")
    }

    assert all(one.startswith(b"%PDF") and b"pdfuaid" in one for one in files.values())
    assert files["fr"] != files["en"]
    assert files["fr"] == printing.pdf(dossier, translate=english, language="fr")


def test_reading_is_recorded_with_its_form(actors, participant, audit_tags):
    service.read(actors.dpo, participant.id, form="pdf")

    assert "dossier:read" in audit_tags()


@pytest.mark.parametrize("who", ["other_site_nurse", "technician", "investigator", "admin"])
def test_others_do_not_read_it(who, actors, participant):
    with pytest.raises(NotPermitted):
        service.read(getattr(actors, who), participant.id, form="page")


def test_an_unknown_person_of_the_vault_leaves_the_looks_empty(actors, app):
    stranger = make_participant(actors)

    assert section(told(actors.nurse, stranger), "Who saw who you are").sentences


def test_a_request_is_due_within_a_month_and_answered_once(actors, participant):
    today = clock.today()
    asked = service.ask(
        actors.nurse, participant.id, asked_on=today - timedelta(days=3), channel=Channel.LETTER
    )
    service.answer(actors.nurse, asked.id, answered_on=today, how=DossierAnswer.POST)

    assert policies.due_on(date(2027, 1, 31)) == date(2027, 2, 28)
    with pytest.raises(RuleBroken):
        service.answer(actors.nurse, asked.id, answered_on=today, how=DossierAnswer.POST)


def test_it_tells_which_projects_received_samples(actors, app):
    [tube, _] = make_tubes_to_send(actors)
    shipment = make_sent(actors, tube.code)

    [project] = section(told(actors.nurse, tube.participant), "Projects that received").entries

    assert shipment.request in project[0]
    assert "Samples: 1" in project[0]
    assert project[2] == f"{shipment.partner.name} (ES)"
    assert project[4] != "Not handed over"


def test_a_bag_that_is_still_here_was_not_handed_over(actors, app):
    [tube, _] = make_tubes_to_send(actors)
    make_shipment(actors, tube.code)

    [project] = section(told(actors.nurse, tube.participant), "Projects that received").entries

    assert project[4] == "Not handed over"
