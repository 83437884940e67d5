"""``consents``: what they come to for everybody, worked out for counts and compared."""

import sys
from itertools import product

import click

from registry.cli.opening import Door
from registry.consents.decision import Study
from registry.consents.standing import queries, service
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.vocab.consent import Use
from registry.vocab.research import RecipientKind, ResearchCategory

#: What is compared: every use by itself, and studies that differ in all that counts ask about.
_ASKED = (
    *Use,
    *(
        Study(recipient=recipient, category=category, country=country, genetics=genetics)
        for recipient, category, country, genetics in product(
            RecipientKind, ResearchCategory, ("FR", "US"), (False, True)
        )
    ),
)


@click.group()
def consents() -> None:
    """What the consents come to for everybody, kept ready for counts."""


@consents.command()
@click.pass_obj
def refresh(door: Door) -> None:
    """Work out what is missing or past, now instead of in the background."""
    with door.opened():
        done = service.refresh(Actor.system("consents"))
    door.say(T("Worked out for {count} participants.", count=done))


@consents.command()
@click.pass_obj
def verify(door: Door) -> None:
    """Compare everything that is kept with the decision; exit 1 when they differ.

    Nothing is repaired: a difference is a defect, and is to be looked at as it is.
    """
    with door.opened():
        found = {
            one.participant_id: one
            for one in queries.differences(Actor.system("consents"), _ASKED, clock.today())
        }
    if not found:
        door.say(T("What is kept for counts is what the decision says."))
        return
    for participant_id, one in sorted(found.items()):
        said = T("allowed by what is kept") if one.by_standing else T("allowed by the decision")
        door.say(T("participant:{id}: {said} alone", id=participant_id, said=said))
    sys.exit(1)
