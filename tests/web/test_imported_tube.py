"""The page of a tube that an import found in its cell: what nobody knows is said, not made up."""

from datetime import UTC, datetime
from decimal import Decimal

from registry.custody import service as custody
from registry.custody.service import Existing
from registry.kernel.actor import Actor
from registry.persistence.database import remove_sessions
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.participants import make_participant
from tests.factories.storage import make_box
from tests.web.pages import Browser, text_of

DRAWN = datetime(2026, 3, 28, 8, 17, tzinfo=UTC)


def test_it_says_that_the_time_is_not_known(app, actors: People, technician: Browser):
    tube = Existing(
        code="T07000001",
        participant_id=make_participant(actors).id,
        sample_type=SampleType.SERUM,
        container_type=ContainerType.SERUM_CLOT,
        volume=Decimal(2),
        collected_at=DRAWN,
        received_at=DRAWN,
        box_code=make_box(actors).unit.code,
        cell="B3",
    )
    [outcome] = custody.register_existing(Actor.system("import"), [tube])
    assert outcome.refusal is None
    remove_sessions()

    shown = text_of(technician.get("/samples/T07000001"))

    assert "Time not known" in shown
    assert "Told by an import: when it was done is not known" in shown
    assert "Hôpital de Paris, on the bench" in shown
