"""The technician's pick lists: reserving tubes, fetching them by scans, leaving some out."""

from registry.custody import queries as custody
from registry.custody.picking import queries, service
from registry.persistence.database import remove_sessions
from registry.vocab.custody import CheckoutReason, HolderKind
from tests.factories.accounts import People
from tests.factories.custody import make_stored
from tests.web.pages import Browser, text_of


def two_reserved(actors: People) -> tuple[str, list[str]]:
    """A list of two tubes for the technician: its code, and theirs."""
    codes = [make_stored(actors).code for _ in range(2)]
    picked = service.open_(
        actors.technician,
        codes,
        title="Lupus, ELISA",
        to_user_id=actors.technician.id,
        reason=CheckoutReason.ANALYSIS,
    )
    code = picked.code
    remove_sessions()
    return code, codes


def test_what_is_scanned_is_reserved_for_a_person(app, actors, technician: Browser):
    codes = [make_stored(actors).code for _ in range(2)]

    answer = technician.send(
        "/picks/new",
        title="Lupus, ELISA",
        destination=f"person:{actors.technician.id}",
        reason=CheckoutReason.ANALYSIS.value,
        codes="\n".join(codes),
    )

    page = technician.get(answer.location)
    assert "Lupus, ELISA" in text_of(page)
    assert all(code in page.text for code in codes)


def test_the_list_of_samples_hands_its_tubes_over(app, actors, technician: Browser):
    code = make_stored(actors).code

    assert f"/picks/new?code={code}" in technician.get("/samples?held=position").text
    assert f"{code}\n" in technician.get(f"/picks/new?code={code}").text


def test_a_destination_that_was_not_offered_is_refused(app, actors, technician: Browser):
    answer = technician.send(
        "/picks/new", title="Lupus", destination="planet:3", codes=make_stored(actors).code
    )

    assert answer.status_code == 422
    assert "Choose one of the values offered." in text_of(answer)


def test_scans_fetch_and_the_command_closes(app, actors, technician: Browser):
    picked, codes = two_reserved(actors)

    answer = technician.send(f"/picks/{picked}", codes=f"{codes[0]}\nFER,ER")

    assert answer.status_code == 303
    page = custody.sample_page(actors.technician, codes[0])
    assert page.sample.status is HolderKind.PERSON
    assert queries.by_code(actors.technician, picked).closed_at is not None
    assert custody.sample_page(actors.technician, codes[1]).reserved is None


def test_the_same_scan_sent_twice_fetches_once(app, actors, technician: Browser):
    picked, codes = two_reserved(actors)
    hidden = technician.hidden(f"/picks/{picked}")

    first = technician.send(f"/picks/{picked}", hidden=hidden, codes=codes[0])
    second = technician.send(f"/picks/{picked}", hidden=hidden, codes=codes[0])

    assert (first.status_code, second.status_code) == (303, 303)


def test_a_wrong_tube_is_named_and_nothing_is_lost(app, actors, technician: Browser):
    picked, codes = two_reserved(actors)
    wrong = make_stored(actors).code
    remove_sessions()

    answer = technician.send(f"/picks/{picked}", codes=f"{codes[0]}\n{wrong}")

    assert answer.status_code == 422
    assert f"{wrong} is not to be fetched for this list." in text_of(answer)
    assert codes[0] in answer.text


def test_a_tube_is_left_out_with_a_reason(app, actors, technician: Browser):
    picked, codes = two_reserved(actors)

    technician.send(f"/picks/{picked}/leave-out?tube={codes[0]}", reason="Not in its cell")

    page = text_of(technician.get(f"/picks/{picked}"))
    assert "Left out Not in its cell" in page


def test_it_says_on_the_tube_why_it_cannot_be_taken(app, actors, technician: Browser):
    picked, codes = two_reserved(actors)

    page = technician.get(f"/samples/{codes[0]}")

    assert f"Reserved for {picked}" in text_of(page)
    assert f"/picks/{picked}" in page.text


def test_the_list_is_printed_scanned_and_listed(app, actors, technician: Browser):
    picked, _ = two_reserved(actors)

    assert technician.get(f"/picks/{picked}/list-fr.pdf").data.startswith(b"%PDF")
    assert technician.send("/scan", page="/", code=picked).location == f"/picks/{picked}"
    assert "Lupus, ELISA" in text_of(technician.get("/picks"))
    technician.send(f"/picks/{picked}/close", page=f"/picks/{picked}")
    assert "Lupus, ELISA" not in text_of(technician.get("/picks"))
    assert "Lupus, ELISA" in text_of(technician.get("/picks?list=closed"))
