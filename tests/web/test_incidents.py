"""Reporting what went wrong with tubes, deciding of each, closing."""

from registry.custody import queries
from registry.custody.incidents import queries as incidents
from registry.persistence.database import remove_sessions
from registry.vocab.custody import HolderKind
from tests.factories.accounts import People
from tests.factories.custody import make_stored
from tests.factories.incidents import report
from tests.web.pages import Browser, text_of

WRONG = {"kind": "haemolysed", "account": "Pink plasma", "with_children": "y"}


def reported(actors: People, *, count: int = 1) -> tuple[str, list[str]]:
    """An incident of the technician: its code, and its tubes'."""
    tubes = [make_stored(actors) for _ in range(count)]
    code, codes = report(actors, *tubes).code, [one.code for one in tubes]
    remove_sessions()
    return code, codes


def status(actors: People, code: str) -> HolderKind:
    remove_sessions()
    return queries.line(actors.technician, code).status


def test_a_tube_is_reported_from_its_page(app, actors, technician: Browser):
    code = make_stored(actors).code
    remove_sessions()
    assert f"/incidents/new?code={code}" in technician.get(f"/samples/{code}").text

    answer = technician.send("/incidents/new", codes=code, **WRONG)

    page = technician.get(answer.location)
    assert "Pink plasma" in text_of(page)
    assert "You reported this: somebody else decides." in text_of(page)
    assert "/incidents/" in technician.get(f"/samples/{code}").text


def test_another_person_decides_and_closes(app, actors, sign_in):
    incident, [code] = reported(actors)
    manager = sign_in(actors.data_manager).speak("en")
    assert f"{code}\n" in manager.get(f"/incidents/{incident}?all=1").text

    manager.send(f"/incidents/{incident}", codes=code, verdict="limited", reason="Lipaemic")
    assert "Lipaemic" in text_of(manager.get(f"/samples/{code}"))

    manager.send(
        f"/incidents/{incident}/close", root_cause="Needle", corrective_action="Another needle"
    )
    assert "Another needle" in text_of(manager.get(f"/incidents/{incident}"))
    assert incident in manager.get("/incidents?list=closed").text


def test_what_is_fit_for_nothing_is_gone(app, actors, sign_in):
    incident, [code] = reported(actors)

    sign_in(actors.data_manager).send(
        f"/incidents/{incident}", codes=code, verdict="unfit", reason="Thawed"
    )

    assert status(actors, code) is HolderKind.DESTROYED


def test_what_something_else_keeps_is_named(app, actors, sign_in):
    tube = make_stored(actors)
    first, _second = report(actors, tube).code, report(actors, tube).code
    code = tube.code
    remove_sessions()
    manager = sign_in(actors.data_manager).speak("en")

    answer = manager.send(f"/incidents/{first}", codes=code, verdict="fit", reason="Fine")

    assert f"in quarantine: {code}" in text_of(manager.get(answer.location))


def test_more_tubes_are_added(app, actors, technician: Browser):
    incident, _codes = reported(actors)
    other = make_stored(actors).code
    remove_sessions()

    answer = technician.send(f"/incidents/{incident}/tubes", codes=other, with_children="y")

    assert other in technician.get(answer.location).text


def test_its_code_is_found_by_the_scan_field(app, actors, technician: Browser):
    incident, _codes = reported(actors)

    assert technician.send("/scan", page="/", code=incident).location == f"/incidents/{incident}"


def test_what_is_missing_is_named_and_nothing_is_recorded(app, actors, technician: Browser):
    code = make_stored(actors).code
    remove_sessions()

    answer = technician.send("/incidents/new", codes=code)

    assert answer.status_code == 422
    assert incidents.count_open(actors.technician) == 0


def test_the_bar_says_how_many_are_open(app, actors, technician: Browser):
    reported(actors)

    assert "/incidents" in technician.get("/").text
    assert "1" in text_of(technician.get("/incidents"))
