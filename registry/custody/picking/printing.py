"""A pick list on paper, as tagged PDF: tubes to fetch in the order in which one meets them."""

from collections.abc import Sequence
from typing import Any

from registry import typeset
from registry.custody.forms import Printing
from registry.custody.picking.models import PickList
from registry.custody.picking.queries import Stop
from registry.kernel.messages import T
from registry.vocab.labels import label
from registry.vocab.picking import PickStatus
from registry.vocab.scanning import ScanCommand

_HEADINGS = (T("Where"), T("Tube"), T("Kind"), T("Remaining"), T("Fetched"))


def sheet(picked: PickList, stops: Sequence[Stop], how: Printing) -> bytes:
    """The PDF of what is still to be fetched, with a box to tick for each tube."""
    say = how.words
    data: dict[str, Any] = {
        "language": how.language,
        "title": picked.title,
        "list": say(T("Pick list {code}", code=picked.code)),
        "destination": say(T("For {whom}", whom=picked.destination)),
        "symbol": typeset.data_matrix(picked.code),
        "close": typeset.data_matrix(ScanCommand.CLOSE.value),
        "printed": say(
            T(
                "Printed on {moment} by {name}",
                moment=how.moment(how.printed_at),
                name=how.printed_by,
            )
        ),
        "headings": [say(word) for word in _HEADINGS],
        "rows": [
            {
                "place": stop.sample.place,
                "code": stop.sample.code,
                "kind": say(label(stop.sample.sample_type)),
                "left": f"{how.number(stop.sample.remaining)} {stop.sample.unit.value}",
            }
            for stop in stops
            if stop.status is PickStatus.WAITING
        ],
    }
    return typeset.pdf("registry.custody.picking", "pick_list", data, moment=how.printed_at)
