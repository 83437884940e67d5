"""Cohorts are opened, their visits planned and their kits defined on pages."""

import pytest
import sqlalchemy as sa

from registry.participants.models import Cohort, KitDefinition, VisitPlan
from registry.persistence import database, registry_session
from tests.factories.participants import make_cohort
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

LINES = {f"tubes-{line}-unit": "mL" for line in range(8)}
SERUM = {
    "tubes-0-sample_type": "SER",
    "tubes-0-container_type": "SST",
    "tubes-0-volume": "5,5",
    "tubes-0-count": "2",
}


@pytest.fixture
def manager(sign_in, actors) -> Browser:
    return sign_in(actors.data_manager).speak("en")


def only(model):
    database.remove_sessions()
    return registry_session.scalars(sa.select(model)).one()


def test_a_cohort_is_opened_and_the_next_step_is_said(manager):
    sent = manager.send("/cohorts/new", code="ra", name="Early arthritis")

    assert sent.location == f"/cohorts/{only(Cohort).id}"
    page = text_of(manager.get(sent.location))
    assert "Early arthritis is open. Plan its visits, then define its kits." in page
    assert "without one, no tube can be registered" in page


def test_a_code_is_used_once(manager):
    make_cohort("RA")

    sent = manager.send("/cohorts/new", code="RA", name="Another")

    assert sent.status_code == 422
    assert "There is a cohort with this code already." in sent.text


def test_a_visit_is_planned_and_changed(manager):
    cohort = make_cohort("RA")
    manager.send(
        f"/cohorts/{cohort.id}/visits/new",
        code="M24", name="Month 24", day_offset="730", days_before="30", days_after="30",
    )  # fmt: skip
    assert "from day 700 to day 760" in text_of(manager.get(f"/cohorts/{cohort.id}"))

    manager.send(
        f"/cohorts/{cohort.id}/visits/M24",
        name="Two years", day_offset="731", days_before="", days_after="10",
    )  # fmt: skip

    page = text_of(manager.get(f"/cohorts/{cohort.id}"))
    assert "Two years M24 731 from day 731 to day 741" in page


def test_a_kit_is_defined_with_several_tubes_alike(manager):
    cohort = make_cohort("RA")
    visit = registry_session.scalars(sa.select(VisitPlan).where(VisitPlan.code == "M6")).one()

    sent = manager.send(
        f"/cohorts/{cohort.id}/kits/new",
        code="SERA", name="Serum kit", visits=str(visit.id), **LINES, **SERUM,
    )  # fmt: skip

    assert sent.location == f"/cohorts/{cohort.id}"
    database.remove_sessions()
    kit = registry_session.scalars(
        sa.select(KitDefinition).where(KitDefinition.code == "SERA")
    ).one()
    assert [(tube.position, str(tube.nominal_volume)) for tube in kit.tubes] == [
        (1, "5.5"),
        (2, "5.5"),
    ]
    assert [plan.code for plan in kit.visit_plans] == ["M6"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ({}, "A kit has at least one tube."),
        ({"tubes-1-sample_type": "SER"}, "Line 2, Container"),
        ({**SERUM, "tubes-0-volume": "1.234"}, "Line 1, Volume"),
        ({**SERUM, "tubes-0-count": "41"}, "Line 1, How many"),
    ],
)
def test_a_line_that_is_not_whole_is_named_and_nothing_is_defined(manager, lines, said):
    cohort = make_cohort("RA")

    sent = manager.send(
        f"/cohorts/{cohort.id}/kits/new", code="SERA", name="Serum kit", **LINES, **lines
    )

    assert sent.status_code == 422
    assert said in text_of(sent)
    assert only(KitDefinition).code == "BLOOD"


def test_a_kit_is_drawn_at_other_visits_and_keeps_its_tubes(manager):
    cohort = make_cohort("RA")
    tubes = [tube.id for tube in cohort.kits[0].tubes]

    manager.send(f"/cohorts/{cohort.id}/kits/BLOOD", name="Blood")

    kit = only(KitDefinition)
    assert (kit.name, kit.visit_plans, [tube.id for tube in kit.tubes]) == ("Blood", [], tubes)


@pytest.mark.parametrize("path", ["999", "999/visits/new", "{id}/visits/NONE", "{id}/kits/NONE"])
def test_what_is_not_there_is_not_found(manager, path):
    cohort = make_cohort("RA")

    assert manager.get(f"/cohorts/{path.format(id=cohort.id)}").status_code == 404


def test_a_nurse_reads_the_protocol_and_changes_nothing(sign_in, actors):
    nurse, cohort = sign_in(actors.nurse).speak("en"), make_cohort("RA")

    page = nurse.get(f"/cohorts/{cohort.id}").text

    assert "Month 6" in page
    assert "/visits/new" not in page
    assert nurse.get(f"/cohorts/{cohort.id}/visits/new").status_code == 403
