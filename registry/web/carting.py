"""Acts on the tubes of a cart, on the pages that take lists of scans anyway.

A page that is opened with ``?cart=`` has the cart's tubes in its scan field.
Those with which something was done leave the cart, in the same transaction;
those that were refused stay on it with the sentence, and the page has the
others ready to be sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import force_locale

from registry.access import Permission, allows
from registry.custody.carts import queries, service
from registry.custody.carts.models import Cart
from registry.custody.defined import queries as defined
from registry.custody.shipments import queries as shipments
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput, NotFound
from registry.kernel.messages import Message, T
from registry.vocab.custody import ActKind
from registry.vocab.shipping import ShipmentList
from registry.web import guards, language, queued
from registry.web.notices import Notice, notify

#: The fields that hold scanned tubes.
SCANNED = ("codes", "placements")


@dataclass(frozen=True)
class Going:
    """Something that can be done with all tubes of a cart, and on which page."""

    label: Message
    url: str


def scanned() -> str:
    """The codes that another page or a cart hands over, one on each line, for a scan field."""
    codes = request.args.getlist("code")
    if (cart := _cart()) is not None:
        codes += queries.load(guards.current_actor(), cart).codes
    return "".join(f"{code}\n" for code in codes)


def goings(actor: Actor, cart: Cart) -> Sequence[Going]:
    """What the person may do with all tubes of the cart, in the order of a tube's life."""

    def process(kind: ActKind) -> str:
        return url_for("custody.process", kind=kind.value, cart=cart.code)

    offered = (
        (Permission.SAMPLE_RECEIVE, T("Receive"), url_for("custody.receive", cart=cart.code)),
        (Permission.SAMPLE_RECEIVE, T("Record a centrifugation"), process(ActKind.CENTRIFUGED)),
        (Permission.SAMPLE_RECEIVE, T("Record a freezing"), process(ActKind.FROZEN)),
        (Permission.SAMPLE_RECEIVE, T("Record a thawing"), process(ActKind.THAWED)),
        (Permission.SAMPLE_ALIQUOT, T("Pool"), url_for("pooling.new", cart=cart.code)),
        (Permission.SAMPLE_PLACE, T("Place or move"), url_for("custody.place", cart=cart.code)),
        (Permission.SAMPLE_CHECK_OUT, T("Check out by a pick list"),
         url_for("picking.new", cart=cart.code)),
        (Permission.SAMPLE_CHECK_OUT, T("Take back"),
         url_for("handover.take_back_several", cart=cart.code)),
        (Permission.INCIDENT_REPORT, T("Report a quality incident"),
         url_for("incidents.new", cart=cart.code)),
        (Permission.SAMPLE_DISPOSE, T("Throw away"), url_for("handover.dispose", cart=cart.code)),
        (Permission.SAMPLE_DESTROY, T("Destroy"),
         url_for("destruction.destroy", cart=cart.code)),
        (Permission.SAMPLE_READ, T("Print labels"), url_for("labels.index", cart=cart.code)),
    )  # fmt: skip
    goings = [Going(label, url) for leave, label, url in offered if allows(actor, leave)]
    if allows(actor, Permission.DEFINED_ACT_RECORD):
        goings += [
            Going(one.definition.name, url_for("acting.record", code=one.code, cart=cart.code))
            for one in defined.newest()
        ]
    if not allows(actor, Permission.SHIPMENT_PREPARE):
        return goings
    being_packed, _ = shipments.page(actor, ShipmentList.TO_PACK)
    return goings + [
        Going(
            T("Pack into {code} → {destination}", code=one.code, destination=one.destination),
            url_for("shipments.show", code=one.code, cart=cart.code),
        )
        for one in being_packed
    ]


def done(cleaned: Mapping[str, Any], answer: str) -> str:
    """Take off the cart the tubes with which something was done; back to it, else to `answer`.

    Called in the transaction of what was done.
    """
    cart = _cart()
    codes = [code for name in SCANNED for code in _list(cleaned.get(name))]
    if cart is None or not codes:
        return answer
    service.take_off(guards.current_actor(), cart.id, codes)
    return url_for("carts.show", code=cart.code)


def refused(error: DomainError) -> Sequence[str]:
    """Write the reasons beside the refused tubes; the codes of the cart that were not refused.

    Empty when nothing of a cart was refused, or all of it.
    """
    cart = _cart()
    if cart is None or not isinstance(error, InvalidInput):
        return ()
    reasons = {
        str(reason.params["code"]): reason
        for name in SCANNED
        for reason in _list(error.errors.get(name))
        if isinstance(reason, Message) and "code" in reason.params
    }
    if not reasons:
        return ()
    actor = guards.current_actor()
    noted = service.note_refusals(
        actor, cart.id, {code: _in_each_language(reason) for code, reason in reasons.items()}
    )
    left = [code for code in queries.load(actor, cart).codes if code not in noted]
    # A page that sends by itself shows the refusals and is sent once more.
    if noted and left and not queued.is_queued():
        notify(
            T(
                "Nothing was done yet. The refused tubes stay on the cart {name} with the reason; "
                "the others are ready below: send them again.",
                name=cart.name,
            ),
            Notice.WARNING,
        )
    return left if noted else ()


def _cart() -> Cart | None:
    """The cart whose tubes the page is about."""
    code = request.args.get("cart")
    actor = None if code is None else guards.signed_in()
    if code is None or actor is None or not allows(actor, Permission.CART_USE):
        return None
    try:
        return queries.by_code(actor, code)
    except NotFound:
        return None


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _in_each_language(reason: Message) -> dict[str, str]:
    said = {}
    for code in language.LANGUAGES:
        with force_locale(code):
            said[code] = language.translate(reason)
    return said
