"""The coordinator plans what is made of a tube; the technician finds the form filled in from it."""

import pytest
import sqlalchemy as sa

from registry.persistence import database, registry_session
from registry.samples.plans.models import PlannedSample
from registry.vocab.samples import SampleType
from tests.factories.participants import make_cohort
from tests.factories.plans import make_plan, make_planned_tube, plasma
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

LINE = {
    "sample_type": "PL2", "container_type": "PPS", "volume": "0,5", "count": "6",
    "priority": "1", "label_purpose": "aliquot",
}  # fmt: skip


@pytest.fixture
def manager(sign_in, actors) -> Browser:
    return sign_in(actors.data_manager).speak("en")


def only(model):
    database.remove_sessions()
    return registry_session.scalars(sa.select(model)).one()


class TestPlanning:
    def url(self) -> str:
        return f"/cohorts/{make_cohort().id}/kits/BLOOD/tubes/1"

    def test_a_line_is_added_and_seen_on_the_cohorts_page(self, manager):
        sent = manager.send(
            self.url(), **LINE, parent="", storage_class="-60to-85", within_minutes="240"
        )

        assert sent.location == self.url()
        assert only(PlannedSample).within_minutes == 240
        seen = text_of(manager.get(f"/cohorts/{make_cohort().id}"))
        assert "Blood kit: what is made of tube 1" in seen
        assert "Plasma, double spun Polypropylene tube, sterile 0.5 mL 6 1" in seen

    def test_a_line_is_added_below_another_and_withdrawn_with_it(self, manager, actors):
        [spun] = make_plan(actors, plasma("3", 1, sample_type=SampleType.PLASMA_SINGLE_SPUN))
        manager.send(self.url(), **LINE, parent=str(spun.id))
        assert "Level 2" in text_of(manager.get(self.url()))

        manager.send(f"{self.url()}/{spun.id}/withdraw", page=self.url())

        assert "Nothing is planned yet" in text_of(manager.get(self.url()))

    def test_what_cannot_come_of_the_tube_is_said_at_the_field(self, manager, actors):
        [spun] = make_plan(actors, plasma("3", 1, sample_type=SampleType.PLASMA_DOUBLE_SPUN))

        sent = manager.send(self.url(), **{**LINE, "sample_type": "PL1", "parent": str(spun.id)})

        assert sent.status_code == 422
        assert "is not made of" in text_of(sent)

    @pytest.mark.parametrize(
        ("field", "value"), [("volume", "x"), ("count", "0"), ("priority", "12"), ("parent", "-1")]
    )
    def test_what_is_no_number_of_its_kind_is_refused(self, manager, field, value):
        assert manager.send(self.url(), **{**LINE, field: value}).status_code == 422

    def test_too_much_is_told(self, manager, actors):
        make_plan(actors, plasma("1", 7))

        assert "More is planned than the tube usually holds: 7 of 6 mL" in text_of(
            manager.get(self.url())
        )

    def test_there_is_no_plan_of_a_tube_that_is_none(self, manager):
        assert manager.get(self.url()[:-1] + "9").status_code == 404


class TestMaking:
    def test_the_form_is_filled_in_for_what_is_there_and_a_scan_confirms_it(
        self, technician, actors, now
    ):
        [line] = make_plan(actors)
        tube = make_planned_tube(actors, "2.1")
        opened = technician.get(f"/samples/{tube.code}/aliquots/new")
        assert opened.location == f"/samples/{tube.code}/planned"
        page = technician.get(opened.location)
        assert 'name="lines-0-count" type="text" value="4"' in page.text
        assert '<option selected value="yield">' in page.text

        sent = technician.send(
            opened.location,
            **{
                "lines-0-planned": str(line.id), "lines-0-count": "4", "lines-0-volume": "0.5",
                "lines-0-container_type": "PPS", "lines-0-shortfall": "yield",
                "children": "VALIDER\r\n",
            },
        )  # fmt: skip

        assert sent.location == f"/samples/{tube.code}?made=4"
        assert len(now.children(tube.code)) == 4
        assert "planned 6, made 4: short yield" in text_of(technician.get(sent.location))
        # Nothing of it is open: the tube is divided freely.
        assert technician.get(opened.location).location == f"/samples/{tube.code}/aliquots/new"
        assert technician.get(f"/samples/{tube.code}/aliquots/new").status_code == 200

    def test_another_yield_fills_the_form_anew(self, technician, actors):
        make_plan(actors)
        tube = make_planned_tube(actors)

        page = technician.get(f"/samples/{tube.code}/planned?volume=1,2")

        assert 'name="lines-0-count" type="text" value="2"' in page.text

    def test_less_without_a_reason_is_refused(self, technician, actors, now):
        [line] = make_plan(actors)
        tube = make_planned_tube(actors)

        sent = technician.send(
            f"/samples/{tube.code}/planned",
            **{
                "lines-0-planned": str(line.id), "lines-0-count": "4", "lines-0-volume": "0.5",
                "lines-0-container_type": "PPS",
            },
        )  # fmt: skip

        assert sent.status_code == 422
        assert "6 are planned and 4 made. Say why." in text_of(sent)
        assert now.children(tube.code) == []

    def test_something_else_can_be_made(self, technician, actors):
        make_plan(actors)
        tube = make_planned_tube(actors)

        assert technician.get(f"/samples/{tube.code}/aliquots/new?free=1").status_code == 200

    def test_a_tube_says_what_is_still_to_be_made_of_it(self, technician, actors):
        make_plan(actors)
        tube = make_planned_tube(actors)

        page = technician.get(f"/samples/{tube.code}")

        assert "planned 6, made 0 To make" in text_of(page)

    def test_what_is_due_is_listed_and_called_late(self, technician, actors):
        make_plan(actors, plasma(within_minutes=60))
        tube = make_planned_tube(actors)
        assert "To make before the deadline" in text_of(technician.get("/samples/work"))

        page = text_of(technician.get("/samples/deadlines"))

        assert f"{tube.code} BLD Whole blood 6 mL 10 Mar 2026 09:00 10 Mar 2026 10:00 Late" in page
