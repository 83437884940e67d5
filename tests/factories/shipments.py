"""Partners, and shipments that have gone part of their way."""

from collections.abc import Sequence
from typing import Any

from registry.applications.models import Application
from registry.custody.shipments import partners, sending, service
from registry.custody.shipments.models import Partner, Shipment
from registry.participants.models import Participant
from registry.samples.models import Sample
from registry.vocab.applications import State
from registry.vocab.research import RecipientKind
from registry.vocab.shipping import Packing
from tests.factories.accounts import People
from tests.factories.applications import make_application
from tests.factories.consents import ITEMS, SHARING, make_consent, make_template
from tests.factories.custody import biobank, make_aliquots
from tests.factories.participants import make_participant

PARTNER = "Université de Grenade"


def make_sharing_participant(actors: People, **facts: Any) -> Participant:
    """A participant who has accepted everything, other organisations too."""
    participant = make_participant(actors, **facts)
    form = make_template(code="SHARING", items=(*ITEMS, SHARING))
    make_consent(actors, participant, template=form)
    return participant


def make_partner(actors: People, name: str = PARTNER, **facts: Any) -> Partner:
    """An organisation that receives tubes."""
    facts = {
        "kind": RecipientKind.PUBLIC,
        "country": "ES",
        "email": "biobanco@example.org",
        **facts,
    }
    known = [one for one in partners.every(actors.data_manager) if one.name == name]
    return known[0] if known else partners.add(actors.data_manager, name=name, **facts)


def make_request(actors: People, **changes: Any) -> Application:
    """An approved request for tubes by the partner."""
    changes = {
        "state": State.APPROVED,
        "recipient": PARTNER,
        "recipient_kind": RecipientKind.PUBLIC,
        "country": "ES",
        **changes,
    }
    return make_application(actors, **changes)


def make_shipment(actors: People, *codes: str, to: Partner | int | None = None) -> Shipment:
    """A bag being packed at the biobank, with these tubes; by default for the partner."""
    destination: dict[str, Any] = (
        {"to_site_id": to}
        if isinstance(to, int)
        else {
            "partner_id": (to or make_partner(actors)).id,
            "request": make_request(actors).number,
        }
    )
    shipment = service.open_(
        actors.technician, site_id=biobank(actors), packing=Packing.DRY_ICE, **destination
    )
    if codes:
        service.add(actors.technician, shipment.id, codes)
    return shipment


def make_sent(actors: People, *codes: str, **facts: Any) -> Shipment:
    """A shipment on its way."""
    shipment = make_shipment(actors, *codes, **facts)
    service.seal(actors.technician, shipment.id)
    return sending.send(actors.technician, shipment.id, courier="Chronofroid", tracking="CF-1")


def make_tubes_to_send(actors: People, number: int = 2, **facts: Any) -> Sequence[Sample]:
    """Aliquots at the biobank of a participant who shares them."""
    facts.setdefault("participant", make_sharing_participant(actors))
    return make_aliquots(actors, *["0.5"] * number, **facts)
