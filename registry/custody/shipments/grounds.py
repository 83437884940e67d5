"""The approved request under which tubes go to a partner: asked of the area of requests.

`registry.wiring` says who answers; requests lie above custody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from registry.consents.decision import Study
from registry.custody.shipments import policies
from registry.custody.shipments.models import Partner, Shipment
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.vocab.consent import Use
from registry.vocab.people import SiteKind


@dataclass(frozen=True)
class Ground:
    """A request, as far as a shipment goes by it."""

    number: str
    title: str
    recipient: str
    study: Study
    #: Whether it is approved now, and its project has not ended.
    holds: bool


class Requests(Protocol):
    """Whoever knows the requests."""

    def find(self, number: str) -> Ground | None:
        """The request of this number."""

    def approved(self) -> Sequence[Ground]:
        """Those under which tubes may go now."""


class _Nobody:
    def find(self, number: str) -> Ground | None:
        del number
        return None

    def approved(self) -> Sequence[Ground]:
        return ()


_requests: Requests = _Nobody()


def ask(requests: Requests) -> None:
    """Ask these from now on; set once by the wiring."""
    global _requests  # noqa: PLW0603 - one source per process
    _requests = requests


def approved() -> Sequence[Ground]:
    """The requests under which tubes may go to a partner."""
    return _requests.approved()


def check_serves(number: str, partner: Partner) -> Ground:
    """The request by which tubes may go to the partner now.

    :raises InvalidInput: there is none of this number, it names another
        recipient, or one of another kind or country.
    :raises RuleBroken: it is not approved, or its project has ended.
    """
    ground = _requests.find(number)
    if ground is None:
        raise InvalidInput(T("There is no request {number}.", number=number), field="request")
    if not ground.holds:
        raise RuleBroken(
            T("Request {number} is not approved, or its project has ended.", number=number),
            field="request",
        )
    study = ground.study
    same = ground.recipient.strip().casefold() == partner.name.strip().casefold()
    if not same or (study.recipient, study.country) != (partner.kind, partner.country):
        raise InvalidInput(
            T(
                "Request {number} was approved for {recipient} ({country}), not for {partner} "
                "({other}).",
                number=number,
                recipient=ground.recipient,
                country=study.country,
                partner=partner.name,
                other=partner.country,
            ),
            field="request",
        )
    return ground


def asked_now(shipment: Shipment) -> Study | Use:
    """What every tube's consent has to allow for it to travel; asked anew each time.

    :raises InvalidInput: the request no longer serves the partner.
    :raises RuleBroken: the request no longer holds, or the site is a partner's.
    """
    policies.check_is_ours(shipment.to_site)
    if shipment.partner is None or shipment.request is None:
        return Use.STORE
    return check_serves(shipment.request, shipment.partner).study


def asked_of(shipment: Shipment) -> Study | Use:
    """The same, also for a request that no longer holds: nothing is refused for that."""
    if shipment.to_site is not None and shipment.to_site.kind is SiteKind.PARTNER:
        return Use.SHARE
    if shipment.partner is None or shipment.request is None:
        return Use.STORE
    ground = _requests.find(shipment.request)
    partner = shipment.partner
    return replace(
        ground.study if ground else Study(),
        recipient=partner.kind,
        institution=partner.name,
        country=partner.country,
        project=shipment.request,
    )
