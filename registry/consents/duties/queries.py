"""Reading what needs doing, within the sites at which the actor reads consents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.consents.duties import afterwards, asking, capacity, papers
from registry.consents.duties.lines import Kind, no_day, paris_day
from registry.consents.duties.people import at_sites, sites_of
from registry.kernel import clock
from registry.kernel.actor import Actor, SiteScope
from registry.kernel.codes import participant as participant_code
from registry.persistence import db, registry_session
from registry.vocab import limits
from registry.vocab.duties import DutyKind, Horizon

#: The one list of kinds; what lies in areas above this one is added by `registry.wiring`.
KINDS: dict[DutyKind, Kind] = {
    DutyKind.NO_CONSENT: Kind(asking.no_consent),
    DutyKind.SCAN: Kind(papers.scan_missing, papers.scan_due_on, papers.scan_spans),
    DutyKind.CHECK: Kind(papers.check_open, no_day),
    DutyKind.CHECK_FAILED: Kind(papers.check_failed, paris_day),
    DutyKind.RECONSENT: Kind(asking.reconsent),
    DutyKind.INFORM: Kind(asking.inform),
    DutyKind.VALIDITY: Kind(papers.validity, papers.valid_until, papers.valid_spans),
    DutyKind.FIFTEEN: Kind(capacity.fifteen, capacity.fifteen_from),
    DutyKind.MAJORITY: Kind(capacity.majority),
    DutyKind.AUTHORITY: Kind(capacity.authority),
    DutyKind.NOTICE: Kind(afterwards.notices, paris_day),
    DutyKind.LETTER: Kind(afterwards.letters, paris_day),
}

_Spans = tuple[tuple[DutyKind, frozenset[int]], ...]

_AHEAD_DAYS: Mapping[Horizon, int] = {
    Horizon.OVERDUE: -1,
    Horizon.WEEK: limits.CONSENT_WEEK_DAYS,
    Horizon.MONTH: limits.CONSENT_HORIZON_DAYS,
    Horizon.QUARTER: limits.CONSENT_QUARTER_DAYS,
}


@dataclass(frozen=True)
class Duty:
    """Something that needs doing for one participant."""

    kind: DutyKind
    code: str
    site_id: int
    #: The form that it is about, and its version; None when it is about none.
    form: str | None
    number: int | None
    consent_id: int | None
    #: None when nothing says by when; of minors, the first day of the month.
    due_on: date | None
    is_overdue: bool
    #: Where the next page of the list begins, after this one.
    place: str
    #: The withdrawal that it follows, or the form again.
    row: int

    @property
    def shown_code(self) -> str:
        """The participant's code as people read it."""
        return participant_code.show(self.code)


@dataclass(frozen=True)
class Page:
    """Some duties, and where the next ones begin."""

    rows: Sequence[Duty]
    next_after: str | None


def page(actor: Actor, kind: DutyKind, horizon: Horizon, *, after: str | None = None) -> Page:
    """Duties of one kind that fall due within the horizon, the longest overdue first.

    :raises NotPermitted: the actor reads no consents.
    """
    found = _found(actor, kind, horizon, after, limits.PAGE_ROWS + 1)
    rows = found[: limits.PAGE_ROWS]
    return Page(rows, rows[-1].place if len(found) > limits.PAGE_ROWS else None)


def everything(actor: Actor, kind: DutyKind, horizon: Horizon) -> Sequence[Duty]:
    """The same as one list, for a file; the first `limits.DUTIES_FILE_ROWS_MAX` of them."""
    return _found(actor, kind, horizon, None, limits.DUTIES_FILE_ROWS_MAX)


def counts(actor: Actor, horizon: Horizon) -> Mapping[DutyKind, int]:
    """How many duties of each kind fall due within the horizon."""
    require(actor, Permission.CONSENT_READ)
    rows = registry_session.execute(
        _counting(horizon, _spans(), clock.today(), sites_of(actor)),
        bind_arguments={"bind": db.engines["registry"]},
    )
    return dict.fromkeys(KINDS, 0) | {DutyKind(kind): number for kind, number in rows}


@lru_cache(maxsize=limits.DUTIES_STATEMENTS_KEPT)
def _counting(
    horizon: Horizon, spans: _Spans, today: date, scope: SiteScope
) -> sa.CompoundSelect[Any]:
    """The statement that counts them, kept: writing it takes longer than running it."""
    of_kind = dict(spans)
    each = [
        sa.select(sa.literal(kind.value), sa.func.count()).select_from(lines.subquery())
        for kind in DutyKind
        if (lines := _lines(kind, horizon, of_kind, today, scope)) is not None
    ]
    return sa.union_all(*each)


def _lines(
    kind: DutyKind,
    horizon: Horizon,
    spans: Mapping[DutyKind, frozenset[int]],
    today: date,
    scope: SiteScope,
) -> sa.Select[Any] | None:
    """The statement that finds them; None where nothing can be found."""
    if kind not in KINDS or (horizon is Horizon.OVERDUE and not KINDS[kind].has_deadline):
        return None
    until = today + timedelta(days=_AHEAD_DAYS[horizon])
    given = [spans[kind]] if kind in spans else []
    return KINDS[kind].statement(today, until, *given).where(at_sites(scope))


def _spans(*kinds: DutyKind) -> _Spans:
    """For each of the kinds, or of all, what its statement depends on beside the days."""
    found = ((kind, KINDS[kind].spans) for kind in kinds or KINDS if kind in KINDS)
    return tuple((kind, read()) for kind, read in found if read is not None)


def _found(
    actor: Actor, kind: DutyKind, horizon: Horizon, after: str | None, most: int
) -> list[Duty]:
    require(actor, Permission.CONSENT_READ)
    lines = _lines(kind, horizon, dict(_spans(kind)), clock.today(), sites_of(actor))
    if lines is None:
        return []
    listed = lines.subquery()
    place = sa.tuple_(listed.c.place, listed.c.row)
    query = sa.select(listed).order_by(listed.c.place, listed.c.row).limit(most)
    if (begin := _read_place(after)) is not None:
        query = query.where(place > sa.tuple_(*begin))
    return list(_duties(kind, registry_session.execute(query)))


def _read_place(after: str | None) -> tuple[int, int] | None:
    """Where a page begins; what is no place is the beginning of the list."""
    first, _, second = (after or "").partition("-")
    if not (first.isdecimal() and second.isdecimal()):
        return None
    return int(first[:18]), int(second[:18])


def _duties(kind: DutyKind, rows: sa.Result[Any]) -> Iterator[Duty]:
    today = clock.today()
    for row in rows:
        due_on = KINDS[kind].due_on(row)
        yield Duty(
            kind=kind,
            code=row.code,
            site_id=row.site_id,
            form=row.form,
            number=row.number,
            consent_id=row.consent_id,
            due_on=due_on,
            is_overdue=due_on is not None and due_on < today,
            place=f"{row.place}-{row.row}",
            row=row.row,
        )
