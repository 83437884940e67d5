"""A kit printed in advance is registered with three scans and nothing else."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from registry.persistence import database, registry_session
from registry.samples.kits import service as printed_kits
from registry.samples.models import Sample
from tests.browser.hands import scan, sign_in
from tests.factories.accounts import People
from tests.factories.participants import make_cohort
from tests.factories.samples import make_consenting_participant

pytestmark = pytest.mark.usefixtures("app")


def test_participant_kit_and_command_register_the_visit(page: Page, actors: People):
    participant = make_consenting_participant(actors)
    site_id = next(grant.site_id for grant in actors.nurse.grants)
    (kit,) = printed_kits.print_kits(
        actors.nurse, kit_id=make_cohort().kits[0].id, site_id=site_id, count=1
    )
    codes = [tube.code for tube in kit.tubes]
    sign_in(page, "nurse")

    scan(page, participant.code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(participant.shown_code)
    scan(page, kit.code)
    expect(page.get_by_label("Scan VALIDER to register the kit")).to_be_focused()
    scan(page, "VALIDER")

    expect(page.get_by_text("3 tubes are registered")).to_be_visible()
    database.remove_sessions()
    drawn = registry_session.scalars(sa.select(Sample.code).order_by(Sample.id)).all()
    assert list(drawn) == codes
