"""The requests under which tubes may go to a partner, for the area of shipments."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry.applications import policies
from registry.applications.models import Application
from registry.custody.shipments.grounds import Ground
from registry.kernel import clock
from registry.persistence import registry_session
from registry.vocab.applications import State
from registry.vocab.research import RecipientKind

#: A request stays approved whatever became of its extract.
_APPROVED = (State.APPROVED, State.PRODUCED, State.DELIVERED)


class Approved:
    """Answers for the requests as they stand at this moment."""

    def find(self, number: str) -> Ground | None:
        """The request of this number."""
        found = registry_session.scalar(
            sa.select(Application)
            .where(Application.number == number)
            .execution_options(populate_existing=True)
        )
        return None if found is None else _ground(found)

    def approved(self) -> Sequence[Ground]:
        """Those under which tubes may go to another organisation now."""
        found = registry_session.scalars(
            sa.select(Application)
            .where(
                Application.state.in_(_APPROVED),
                Application.recipient_kind != RecipientKind.INSTITUTE,
            )
            .order_by(Application.number.desc())
        )
        return [ground for ground in map(_ground, found) if ground.holds]


def _ground(application: Application) -> Ground:
    has_ended = application.ends_on is not None and application.ends_on < clock.today()
    return Ground(
        number=application.number,
        title=application.title,
        recipient=application.recipient,
        study=policies.study(application),
        holds=application.state in _APPROVED and not has_ended,
    )
