"""The codes that people and samples bear in one project, and in no other."""

from typing import Protocol

from registry.access import Permission, require
from registry.crypto.pseudonyms import ProjectPseudonyms
from registry.identity.opening import open_to_read
from registry.kernel.actor import Actor
from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T

#: From the alphabet of the pseudonyms' base 32 to the one without lookalikes.
_READABLE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", participant.ALPHABET)
PARTICIPANT, SAMPLE = "P", "S"
#: The letter, sixteen symbols and two check symbols.
LENGTH = 19


class Application(Protocol):
    """The request whose project the codes are for."""

    @property
    def number(self) -> str: ...
    @property
    def requester_id(self) -> int: ...


class ProjectCodes:
    """The codes of one application.

    The same application always gives the same code, so that a renewed extract
    can be joined to the first; another application's codes are unrelated.
    The last two characters find a slip when a code is copied.
    """

    def __init__(self, pseudonyms: ProjectPseudonyms) -> None:
        self._pseudonyms = pseudonyms

    def participant(self, participant_id: int) -> str:
        """The code of a participant."""
        return PARTICIPANT + self._code(f"participant:{participant_id}")

    def sample(self, sample_id: int) -> str:
        """The code of a sample."""
        return SAMPLE + self._code(f"sample:{sample_id}")

    def _code(self, subject: str) -> str:
        return participant.make(self._pseudonyms.of(subject).translate(_READABLE))


def to_produce(actor: Actor, application: Application) -> ProjectCodes:
    """The codes for an extract that the actor makes, within a unit of work.

    :raises NotPermitted: the actor makes no extract of this request.
    :raises Unavailable: the vault, which keeps the key of the codes, is closed.
    """
    return _codes(actor, Permission.EXTRACT_PRODUCE, application)


def to_reverse(actor: Actor, application: Application) -> ProjectCodes:
    """The codes that the actor leads back, within a unit of work.

    :raises NotPermitted: the actor reverses no pseudonym, or made the request.
    :raises Unavailable: the vault, which keeps the key of the codes, is closed.
    """
    return _codes(actor, Permission.PSEUDONYM_REVERSE, application)


def _codes(actor: Actor, permission: Permission, application: Application) -> ProjectCodes:
    require(actor, permission, application)
    return ProjectCodes(open_to_read().pseudonyms(application.number))


def read(typed: str) -> frozenset[str]:
    """The project codes that a person may have meant by `typed`.

    Case, spaces, hyphens and lookalikes do not matter.  After a slip there may
    be several: one of them at most is borne by anybody, of so many as there could be.

    :raises InvalidInput: it is no project code, nor near one.
    """
    written = "".join(typed.split()).replace("-", "").upper()
    kind, code = written[:1], participant.plain(written[1:])
    meant = participant.near(code) if len(code) == LENGTH - 1 else frozenset[str]()
    if kind not in (PARTICIPANT, SAMPLE) or not meant:
        raise InvalidInput(
            T(
                "This is not a code of an extract: a P or an S, then 18 letters and digits. "
                "Check each character."
            ),
            field="pseudonym",
        )
    return frozenset(kind + one for one in meant)
