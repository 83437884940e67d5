"""Where a scanned code leads: the one table of what codes can be.

An area adds its resolver here: a function of its view module that gives the
address of the page for a code that is its own, and None for any other.  A
resolver asks its queries as the actor: what is not at the actor's sites is not
found.
"""

from collections.abc import Callable, Mapping

from werkzeug.wrappers import Response

from registry.kernel.actor import Actor
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.vocab.scanning import ScanCommand
from registry.web import label_desk
from registry.web.views import (
    badges,
    carts,
    foreign_shipments,
    incidents,
    kits,
    own_acts,
    participants,
    picking,
    printed_kits,
    probes,
    samples,
    shipments,
    storage,
    tray,
)

Resolver = Callable[[Actor, str], str | None]
Order = Callable[[Actor], str]
Command = Callable[[Actor, str], str | Response]

#: In the order of how often each is scanned.
RESOLVERS: tuple[Resolver, ...] = (
    samples.page_of,
    storage.page_of,
    shipments.page_of,
    picking.page_of,
    carts.page_of,
    incidents.page_of,
    participants.page_of,
    printed_kits.page_of,
    tray.page_of,
    probes.page_of,
    badges.page_of,
    foreign_shipments.page_of,
)


#: What a scan orders wherever it is scanned.
ORDERS: Mapping[str, Order] = {ScanCommand.UNDO: own_acts.undo_latest}

#: What a scan orders with the thing that the page is about: the barcode, or the word typed.
COMMANDS: Mapping[str, Command] = {
    ScanCommand.PRINT: label_desk.reprint,
    "IMPRIMER": label_desk.reprint,
}


def answer_to(
    actor: Actor, code: str, *, about: str | None = None, participant: str | None = None
) -> str | Response:
    """The address to which a scan leads, or what it has done.

    :raises RuleBroken: what it orders cannot be done.
    :raises NotFound: nothing at the actor's sites bears the code.
    :raises InvalidInput: it orders something, and nothing was scanned before.
    """
    for word, order in ORDERS.items():
        if tube.is_command(code, word):
            return order(actor)
    command = next((COMMANDS[word] for word in COMMANDS if tube.is_command(code, word)), None)
    if command is None:
        return page_for(actor, code, participant=participant)
    if about is None:
        raise InvalidInput(T("Scan the tube first, then “{command}”.", command=code), field="code")
    return command(actor, about)


def page_for(actor: Actor, code: str, *, participant: str | None = None) -> str:
    """The address of the page about the thing that bears `code`.

    A kit that is scanned on the page of a `participant` is the one drawn there, and a label that
    nothing bears yet is on the first tube drawn there.

    :raises NotFound: nothing at the actor's sites bears it.
    """
    if participant and (url := printed_kits.page_with(actor, code, participant)):
        return url
    for resolver in RESOLVERS:
        url = resolver(actor, code)
        if url is not None:
            return url
    if participant and (url := kits.page_with(actor, code, participant)):
        return url
    raise NotFound(
        T("Nothing with the code “{code}” is known at your sites.", code=code), field="code"
    )
