"""The codes that people and samples bear in one project, and in no other."""

from registry import identity
from registry.kernel.codes import participant

#: From the alphabet of the pseudonyms' base 32 to the one without lookalikes.
_READABLE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", participant.ALPHABET)


class ProjectCodes:
    """The codes of one application.

    The same application always gives the same code, so that a renewed extract
    can be joined to the first; another application's codes are unrelated.
    The last two characters find a slip when a code is copied.

    :raises Unavailable: the vault, which keeps the key of the codes, is closed.
    """

    def __init__(self, application: str) -> None:
        self._pseudonyms = identity.project_pseudonyms(application)

    def participant(self, participant_id: int) -> str:
        """The code of a participant."""
        return "P" + self._code(f"participant:{participant_id}")

    def sample(self, sample_id: int) -> str:
        """The code of a sample."""
        return "S" + self._code(f"sample:{sample_id}")

    def _code(self, subject: str) -> str:
        return participant.make(self._pseudonyms.of(subject).translate(_READABLE))
