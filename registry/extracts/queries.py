"""Reading extracts, and what a request would reach."""

import sqlalchemy as sa

from registry.access import Permission, require
from registry.applications import queries as applications
from registry.applications.models import Application
from registry.extracts import snapshot
from registry.extracts.models import Extract, ExtractMember
from registry.extracts.report import Report
from registry.kernel.actor import Actor
from registry.persistence import registry_session


def examine(actor: Actor, number: str) -> Report:
    """Whom somebody else's request would reach today, in numbers that may be shown.

    Not for the requester: it would be a way round the catalogue's limits.

    :raises NotPermitted: the actor examines no requests, or made this one.
    """
    application = applications.get(actor, number)
    require(actor, Permission.APPLICATION_EXAMINE, application)
    return Report.of(snapshot.take(application))


def of(actor: Actor, application: Application) -> list[Extract]:
    """Every extract of a request that the actor may follow, newest first."""
    require(actor, Permission.APPLICATION_READ, application)
    return list(
        registry_session.scalars(
            sa.select(Extract)
            .where(Extract.application_id == application.id)
            .order_by(Extract.seq.desc())
        )
    )


def latest(application_id: int) -> Extract | None:
    """The newest extract of a request."""
    return registry_session.scalar(
        sa.select(Extract)
        .where(Extract.application_id == application_id)
        .order_by(Extract.seq.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def last_seq(application_id: int) -> int:
    """How many extracts there are of a request."""
    newest = latest(application_id)
    return 0 if newest is None else newest.seq


def members(extract_id: int) -> list[int]:
    """The participants in an extract."""
    return list(
        registry_session.scalars(
            sa.select(ExtractMember.participant_id)
            .where(ExtractMember.extract_id == extract_id)
            .order_by(ExtractMember.participant_id)
        )
    )
