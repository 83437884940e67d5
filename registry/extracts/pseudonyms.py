"""The codes that people and samples bear in one project, and in no other."""

from registry.crypto.keyset import KeySet
from registry.crypto.pseudonyms import ProjectPseudonyms
from registry.kernel.codes import participant

#: From the alphabet of the pseudonyms' base 32 to the one without lookalikes.
_READABLE = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", participant.ALPHABET)
_keys: KeySet | None = None


def use_keys(keys: KeySet) -> None:
    """Make pseudonyms with these keys from now on; set once by the composition root."""
    global _keys  # noqa: PLW0603 - one key set per process
    _keys = keys


class ProjectCodes:
    """The codes of one application.

    The same application always gives the same code, so that a renewed extract
    can be joined to the first; another application's codes are unrelated.
    The last two characters find a slip when a code is copied.
    """

    def __init__(self, application: str) -> None:
        if _keys is None:
            raise RuntimeError("extracts have no keys: registry.extracts.use_keys")
        # The first key, whichever is active: a changed key would break renewed extracts.
        first = min(_keys.keys)
        self._pseudonyms = ProjectPseudonyms(_keys.get(first), application=application)

    def participant(self, participant_id: int) -> str:
        """The code of a participant."""
        return "P" + self._code(f"participant:{participant_id}")

    def sample(self, sample_id: int) -> str:
        """The code of a sample."""
        return "S" + self._code(f"sample:{sample_id}")

    def _code(self, subject: str) -> str:
        return participant.make(self._pseudonyms.of(subject).translate(_READABLE))
