"""Which extracts a withdrawal reaches: those that may no longer leave, and those that have left."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry.applications.models import Application
from registry.applications.policies import study
from registry.consents.withdrawals.events import Reach
from registry.consents.withdrawals.followup.service import Release
from registry.extracts.models import Extract, ExtractDownload, ExtractMember
from registry.kernel import clock
from registry.persistence import registry_session
from registry.vocab.applications import State
from registry.vocab.withdrawals import ReleaseKind


@dataclass(frozen=True)
class Reached:
    """An extract that may no longer leave."""

    application_id: int
    extract_id: int
    number: str
    title: str
    seq: int
    is_delivered: bool


def to_recall(reach: Reach) -> Sequence[Reached]:
    """The newest extracts with the participant in them that could still be downloaded."""
    newest = (
        sa.select(sa.func.max(Extract.seq))
        .where(Extract.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    rows = registry_session.execute(
        _with_any(reach)
        .where(
            Extract.recalled_at.is_(None),
            Extract.seq == newest,
            Application.state.in_((State.PRODUCED, State.DELIVERED)),
        )
        .order_by(Application.id)
    )
    return [
        Reached(
            application.id,
            extract.id,
            application.number,
            application.title,
            extract.seq,
            application.state is State.DELIVERED,
        )
        for application, extract in rows
        if _is_stopped(reach, application)
    ]


def releases(reach: Reach) -> Sequence[Release]:
    """The extracts with the participant in them that their recipients have taken."""
    first = (
        sa.select(
            ExtractDownload.extract_id, sa.func.min(ExtractDownload.downloaded_at).label("at")
        )
        .group_by(ExtractDownload.extract_id)
        .subquery()
    )
    rows = registry_session.execute(
        _with_any(reach).add_columns(first.c.at).join(first, first.c.extract_id == Extract.id)
    )
    return sorted(
        Release(
            clock.to_paris(at).date(),
            ReleaseKind.EXTRACT,
            f"{application.number}-{extract.seq}",
            application.recipient,
        )
        for application, extract, at in rows
        if _is_stopped(reach, application)
    )


def _with_any(reach: Reach) -> sa.Select[Application, Extract]:
    return (
        sa.select(Application, Extract)
        .join(Extract, Extract.application_id == Application.id)
        .where(
            sa.exists().where(
                ExtractMember.extract_id == Extract.id,
                ExtractMember.participant_id.in_(reach.everyone),
            )
        )
    )


def _is_stopped(reach: Reach, application: Application) -> bool:
    """Whether the request makes a use that is stopped, or is a project that was named."""
    makes = study(application).uses
    return application.number in reach.projects or not reach.stopped.isdisjoint(makes)
