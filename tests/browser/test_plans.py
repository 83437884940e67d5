"""A planned tube at the bench: scanning alone carries its plan out, on a wide and a narrow page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.vocab.samples import SampleType
from tests.browser.accessibility import violations
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.participants import make_cohort
from tests.factories.plans import make_plan, make_planned_tube, plasma
from tests.web.technician import Now

OpenPage = Callable[..., Page]

pytestmark = pytest.mark.usefixtures("app")


def test_two_scans_carry_the_plan_out(page: Page, actors: People):
    make_plan(actors)
    tube = make_planned_tube(actors, "2.1")
    sign_in(page, "technician")
    page.goto("/samples/aliquots/new")

    scan(page, tube.code)
    page.wait_for_url(f"**/{tube.code}/planned")
    scan(page, "VALIDER")

    page.wait_for_url("**made=4")
    expect(page.locator("body")).to_contain_text("planned 6, made 4: short yield")
    assert len(Now(actors.technician).children(tube.code)) == 4


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_plans_can_be_read_by_everybody(
    open_page: OpenPage, actors: People, width: int
):
    [spun, _] = make_plan(
        actors,
        plasma("4", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN, within_minutes=240),
        plasma("0.5", 5, priority=2),
    )
    make_plan(actors, plasma("1", 5), parent_id=spun.id)
    tube = make_planned_tube(actors)
    cohort = f"/cohorts/{make_cohort().id}"
    for login, paths in (
        ("data.manager", (cohort, f"{cohort}/kits/BLOOD/tubes/1")),
        (
            "technician",
            (f"/samples/{tube.code}/planned", f"/samples/{tube.code}", "/samples/deadlines"),
        ),
    ):
        page = open_page(width=width)
        sign_in(page, login)
        for path in paths:
            page.goto(path)
            assert violations(page) == [], path
