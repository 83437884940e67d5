"""Where a scanned code leads: the one table of what codes can be.

An area adds its resolver here: a function of its view module that gives the
address of the page for a code that is its own, and None for any other.  A
resolver asks its queries as the actor: what is not at the actor's sites is not
found.
"""

from collections.abc import Callable

from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.web.views import participants, printed_kits, samples, shipments, storage

Resolver = Callable[[Actor, str], str | None]

#: In the order of how often each is scanned.
RESOLVERS: tuple[Resolver, ...] = (
    samples.page_of,
    storage.page_of,
    shipments.page_of,
    participants.page_of,
    printed_kits.page_of,
)


def page_for(actor: Actor, code: str, *, participant: str | None = None) -> str:
    """The address of the page about the thing that bears `code`.

    A kit that is scanned on the page of a `participant` is the one drawn there.

    :raises NotFound: nothing at the actor's sites bears it.
    """
    if participant and (url := printed_kits.page_with(actor, code, participant)):
        return url
    for resolver in RESOLVERS:
        url = resolver(actor, code)
        if url is not None:
            return url
    raise NotFound(
        T("Nothing with the code “{code}” is known at your sites.", code=code), field="code"
    )
