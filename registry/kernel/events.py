"""How a lower package tells a higher one that something happened.

An event is a frozen dataclass.  Handlers run at once, inside the publisher's
transaction, in the order in which ``wiring.py`` connected them; an exception
in a handler undoes the act that published.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Handler = Callable[[Any], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)


def subscribe(event_type: type, handler: Handler) -> None:
    """Call `handler` for every event of exactly this type; subscribing twice has no effect."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Hand `event` to its handlers, now and in this transaction."""
    for handler in _handlers[type(event)]:
        handler(event)
