"""What every list has in common: whose sites, who is left out, pages, the number of statements."""

from collections import defaultdict
from datetime import timedelta

import pytest

from registry.consents.duties import queries
from registry.kernel import clock
from registry.kernel.errors import NotPermitted
from registry.persistence import db
from registry.vocab import limits
from registry.vocab.duties import DutyKind, Horizon
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template, make_withdrawal
from tests.factories.participants import make_participant
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def test_a_list_holds_what_is_at_ones_own_sites(actors: People):
    make_participant(actors)

    assert queries.page(actors.other_site_nurse, DutyKind.NO_CONSENT, Horizon.WEEK).rows == []
    assert sum(queries.counts(actors.other_site_nurse, Horizon.WEEK).values()) == 0
    assert len(queries.page(actors.data_manager, DutyKind.NO_CONSENT, Horizon.WEEK).rows) == 1


def test_nobody_without_leave_reads_a_list(actors: People):
    for ask in (
        lambda: queries.page(actors.technician, DutyKind.SCAN, Horizon.WEEK),
        lambda: queries.everything(actors.technician, DutyKind.SCAN, Horizon.WEEK),
        lambda: queries.counts(actors.technician, Horizon.WEEK),
    ):
        with pytest.raises(NotPermitted):
            ask()


@pytest.mark.parametrize("horizon", Horizon)
def test_the_number_of_statements_does_not_grow(actors: People, horizon: Horizon):
    def statements() -> list[int]:
        numbers = []
        for kind in queries.KINDS:
            with counted() as seen:
                queries.page(actors.nurse, kind, horizon)
            numbers.append(len(seen))
        with counted() as seen:
            queries.counts(actors.nurse, horizon)
        return [*numbers, len(seen)]

    template = make_template(proof_within_days=1)
    make_consent(actors, make_participant(actors), template=template)
    few = statements()
    for _ in range(5):
        make_consent(actors, make_participant(actors), template=template)
        make_participant(actors)
        make_withdrawal(actors, make_participant(actors))

    assert statements() == few
    assert max(few[:-1]) <= 2


def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    actors: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "PAGE_ROWS", 2)
    days = [3, 1, 2, 1, 3]
    codes = [
        make_participant(actors, included_on=clock.today() - timedelta(days=back)).code
        for back in days
    ]
    expected = [codes[at] for at in (0, 4, 2, 1, 3)]

    found, after = [], None
    while True:
        page = queries.page(actors.nurse, DutyKind.NO_CONSENT, Horizon.WEEK, after=after)
        found += [duty.code for duty in page.rows]
        if (after := page.next_after) is None:
            break

    assert found == expected
    whole = queries.everything(actors.nurse, DutyKind.NO_CONSENT, Horizon.WEEK)
    assert [duty.code for duty in whole] == expected


@pytest.mark.parametrize("after", ["", "-", "x-1", "1-x", "9" * 40 + "-1", "1-2-3", "٣-1"])
def test_a_place_that_is_none_does_no_harm(actors: People, after: str):
    participant = make_participant(actors)

    found = queries.page(actors.nurse, DutyKind.NO_CONSENT, Horizon.WEEK, after=after)

    assert {duty.code for duty in found.rows} <= {participant.code}


@pytest.mark.parametrize("reader", ["nurse", "data_manager", "dpo"])
def test_no_list_pairs_everybody_with_everything(actors: People, reader: str):
    engine = db.engines["registry"]
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL rightly walks through a table of a few rows")
    with counted() as seen:
        for kind in queries.KINDS:
            queries.page(getattr(actors, reader), kind, Horizon.QUARTER)
    loops: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    with engine.connect() as connection:
        for query in seen:
            values = (None,) * query.count("?")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values):
                if row.detail.startswith(("SCAN", "SEARCH")):
                    loops[query, row.parent].append(row.detail)

    assert loops
    within = [step for steps in loops.values() for step in steps[1:]]
    assert [step for step in within if step.startswith("SCAN")] == []
