"""Lists of samples: all that match, those of a participant, those that wait for somebody."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.custody import criteria
from registry.custody.criteria import Wanted
from registry.custody.models import Holding, Loan
from registry.custody.views import Listed, Page
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.samples import queries as samples
from registry.samples.descent import is_pool
from registry.samples.models import QuantityEntry, Sample
from registry.vocab import limits
from registry.vocab.custody import HolderKind

#: The entry with which a ledger begins names the parent, the first one if there are several.
_first = orm.aliased(QuantityEntry)
_parent = orm.aliased(Sample)


def lines() -> sa.Select[*tuple[Any, ...]]:
    """The statement that gives samples as `Listed`; `read` reads what it finds."""
    return (
        sa.select(
            Sample.id,
            Sample.code,
            Participant.code,
            Sample.site_id,
            _parent.code,
            Sample.sample_type,
            Sample.container_type,
            Sample.remaining,
            Sample.unit,
            Sample.collected_at,
            Holding.kind,
            Holding.place,
            Holding.since,
            Loan.reason,
            Sample.participant_id,
            is_pool(),
            Sample.type_term,
            Sample.container_term,
        )
        .select_from(Sample)
        .join(Holding, Holding.sample_id == Sample.id)
        .join(Participant, Participant.id == Sample.participant_id)
        .outerjoin(_first, (_first.sample_id == Sample.id) & (_first.seq == 1))
        .outerjoin(_parent, _parent.id == _first.other_id)
        .outerjoin(Loan, (Loan.sample_id == Sample.id) & Loan.closed_at.is_(None))
    )


def read(statement: sa.Select[*tuple[Any, ...]]) -> list[Listed]:
    """The lines that a statement made of `lines` finds."""
    return [Listed(*row) for row in registry_session.execute(statement)]


def page(
    actor: Actor, wanted: Wanted, *, after: str | None = None, most: int | None = None
) -> Page:
    """One page of samples, newest first, after the line with code `after`.

    The newest are those registered last; when a period of collection is asked
    for, those collected last.  `most` is the number of lines, when it is not that of a page.

    :raises NotFound: there is no sample `after` at the actor's sites.
    """
    newest_first = [column.desc() for column in criteria.newest_first(wanted)]
    query = criteria.narrow(samples.visible(actor, lines()), wanted).order_by(*newest_first)
    if after is not None:
        query = query.where(criteria.following(wanted, samples.get(actor, after)))
    return paged(query, most)


def of_participant(actor: Actor, participant_id: int) -> Sequence[Listed]:
    """Every sample of a participant (and of those merged into it), parents before children."""
    persons = sa.select(Participant.id).where(
        sa.or_(Participant.id == participant_id, Participant.merged_into_id == participant_id)
    )
    return read(
        samples.visible(actor, lines())
        .where(Sample.participant_id.in_(persons))
        .order_by(Sample.id)
    )


def listed(actor: Actor, codes: Collection[str]) -> Mapping[str, Listed]:
    """The samples with these codes that the actor may see, by code."""
    found = read(samples.visible(actor, lines()).where(Sample.code.in_(codes)))
    return {line.code: line for line in found}


def line(actor: Actor, code: str) -> Listed:
    """The sample with exactly this code.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    found = listed(actor, [code]).get(code)
    if found is None:
        raise samples.not_found()
    return found


def to_receive(actor: Actor, *, after: str | None = None) -> Page:
    """Tubes that were registered and not yet received, the longest waiting first."""
    return _waiting(actor, HolderKind.COLLECTION_SITE, after)


def to_place(actor: Actor, *, after: str | None = None) -> Page:
    """Samples on the bench of which something is left, the longest waiting first."""
    return _waiting(actor, HolderKind.BENCH, after)


def loans_out(actor: Actor, *, after: str | None = None) -> Page:
    """Samples that people have, the longest lent first; `place` names the person."""
    return _waiting(actor, HolderKind.PERSON, after)


def counts(actor: Actor) -> Mapping[HolderKind, int]:
    """How many samples of the actor's sites wait outside the store, for each kind of holder."""
    query = sa.select(Holding.kind, sa.func.count()).join(Holding.sample)
    rows = registry_session.execute(
        samples.visible(actor, query)
        .where(Holding.kind.in_(_WAITING), _NOT_USED_UP)
        .group_by(Holding.kind)
    )
    return dict.fromkeys(_WAITING, 0) | dict(rows.all())


_WAITING = (HolderKind.COLLECTION_SITE, HolderKind.BENCH, HolderKind.PERSON)
#: A tube that was shared out to the last drop stays on the bench and waits for no cell.
_NOT_USED_UP = sa.or_(Holding.kind != HolderKind.BENCH, Sample.remaining > 0)


def _waiting(actor: Actor, kind: HolderKind, after: str | None) -> Page:
    query = (
        samples.visible(actor, lines())
        .where(Holding.kind == kind, _NOT_USED_UP)
        .order_by(Holding.since, Holding.sample_id)
    )
    if after is not None:
        last = registry_session.get_one(Holding, samples.get(actor, after).id)
        line = sa.tuple_(Holding.since, Holding.sample_id)
        query = query.where(line > sa.tuple_(last.since, last.sample_id))
    return paged(query)


def paged(query: sa.Select[*tuple[Any, ...]], most: int | None = None) -> Page:
    """The first lines that the statement finds, and after which line the next ones begin."""
    most = most or limits.PAGE_ROWS
    rows = read(query.limit(most + 1))
    has_more = len(rows) > most
    rows = rows[:most]
    return Page(rows, rows[-1].code if has_more else None)
