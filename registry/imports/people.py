"""Whom a file names by a participant's code: exactly, since a file is not put right by guessing."""

from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant


def named(actor: Actor, code: str) -> Participant:
    """The participant with this very code.

    :raises InvalidInput: it cannot be read, or there is a slip in it; the one
        that may be meant is named.
    :raises NotFound: nobody has it.
    """
    try:
        meant = participant_code.read_noting(code)
    except InvalidInput as unreadable:
        raise InvalidInput(unreadable.message, field="participant") from unreadable
    if meant.was_corrected:
        raise InvalidInput(
            T(
                "There is a slip in this code; {code} may be meant. Correct it in the file.",
                code=participant_code.show(meant.code),
            ),
            field="participant",
        )
    return participants.get(actor, meant.code)
