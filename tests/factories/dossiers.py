"""Links to dossiers, and what was opposed by them."""

from registry.dossiers import links, oppositions
from registry.dossiers.models import DossierLink, Opposition
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.vocab.consent import WithdrawalEffect, WithdrawalScope
from tests.factories.accounts import People

ADDRESS = "192.0.2.7"


def make_link(actors: People, participant: Participant) -> tuple[DossierLink, str, str]:
    """A link of the participant with its token and its code."""
    made = links.make(actors.nurse, participant.id)
    return made.link, made.token, links.make_code(actors.nurse, made.link.id)


def at_home(link: DossierLink, participant: Participant) -> Actor:
    """The participant, reading by the link."""
    return Actor.at_home(link.id, participant.audit_ref)


def make_opposition(
    actors: People, participant: Participant, *effects: WithdrawalEffect
) -> Opposition:
    """The participant opposes everything from home."""
    link, token, code = make_link(actors, participant)
    links.unlock(token, code, address=ADDRESS)
    return oppositions.oppose(
        at_home(link, participant), link.id, scope=WithdrawalScope.ALL, effects=effects
    )
