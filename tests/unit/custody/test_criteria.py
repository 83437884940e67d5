"""Lists of samples by what they went through: each criterion narrows, and reads few rows."""

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.custody import queries, service as custody
from registry.custody.queries import Wanted
from registry.kernel import clock
from registry.persistence import db
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.custody import ActKind
from registry.vocab.samples import SampleType
from registry.vocab.storage import ExposureState
from tests.factories.accounts import People
from tests.factories.custody import DIVIDED, check_out, make_received, make_stored
from tests.factories.samples import make_tube
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def found(actors: People, **wanted: object) -> list[str]:
    page = queries.page(actors.data_manager, Wanted(**wanted))  # type: ignore[arg-type]
    return [line.code for line in page.rows]


def thaw(actors: People, sample: Sample) -> Sample:
    custody.process(
        actors.technician, [sample.code], kind=ActKind.THAWED,
        happened_at=DIVIDED + timedelta(hours=1),
    )  # fmt: skip
    return sample


class TestThaws:
    def test_between_two_bounds(self, actors: People):
        never, once = make_received(actors), thaw(actors, make_received(actors))
        twice = thaw(actors, thaw(actors, make_received(actors)))

        assert found(actors, thaws_to=0) == [never.code]
        assert found(actors, thaws_to=1) == [once.code, never.code]
        assert found(actors, thaws_from=0) == [twice.code, once.code, never.code]
        assert found(actors, thaws_from=1) == [twice.code, once.code]
        assert found(actors, thaws_from=1, thaws_to=1) == [once.code]

    def test_one_that_is_undone_no_longer_counts(self, actors: People):
        tube = thaw(actors, make_received(actors))
        custody.undo_latest(actors.technician)

        assert found(actors, thaws_to=0) == [tube.code]


class TestPeriods:
    def test_both_days_are_in_the_period_in_paris(self, actors: People):
        # Half an hour before and after midnight of the 10th in Paris, which is on summer time.
        before, after = (
            make_tube(actors, collected_at=datetime(2026, 4, 9, hour, 30, tzinfo=UTC))
            for hour in (21, 22)
        )
        tenth, ninth = date(2026, 4, 10), date(2026, 4, 9)

        assert found(actors, collected_from=tenth) == [after.code]
        assert found(actors, collected_to=ninth) == [before.code]
        assert found(actors, collected_from=ninth, collected_to=tenth) == [after.code, before.code]
        assert found(actors, collected_from=date(2026, 4, 11)) == []

    def test_its_pages_follow_each_other(self, actors: People, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(limits, "PAGE_ROWS", 2)
        hours = [10, 8, 10, 9, 10]
        tubes = [
            make_tube(actors, collected_at=datetime(2026, 4, 9, hour, tzinfo=UTC)) for hour in hours
        ]
        seen, after = [], None
        while True:
            wanted = Wanted(collected_from=date(2026, 4, 1))
            page = queries.page(actors.data_manager, wanted, after=after)
            seen += [line.code for line in page.rows]
            if (after := page.next_after) is None:
                break

        assert seen == [tubes[at].code for at in (4, 2, 0, 3, 1)]


class TestOutOfTheStore:
    def test_what_was_out_too_long_is_left_out_while_it_is_out_too(self, actors: People):
        stored, lent = make_stored(actors), make_stored(actors)
        with clock.frozen(clock.now() + timedelta(days=1)):
            for one in (stored, lent):
                check_out(actors, one.code)
        with clock.frozen(clock.now() + timedelta(days=1, minutes=30)):
            custody.return_(actors.technician, stored.code)
        with clock.frozen(clock.now() + timedelta(days=1, hours=2)):
            assert found(actors, out_minutes_to=31) == [stored.code]
            assert found(actors, out_minutes_to=29) == []
            assert found(actors, out_minutes_to=121) == [lent.code, stored.code]

    def test_what_never_was_in_it_was_never_out(self, actors: People):
        make_received(actors)

        assert found(actors, out_minutes_to=limits.MINUTES_ASKED_MAX) == []


def plans(actors: People, **wanted: object) -> list[str]:
    """How SQLite goes about a list, whatever it has counted of its tables."""
    engine = db.engines["registry"]
    with counted() as seen:
        found(actors, **wanted)
    [query] = [one for one in seen if "FROM sample" in one and "LIMIT" in one]
    with engine.connect() as connection:
        values = (1,) * query.count("?")
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
        return [row.detail for row in plan]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({"thaws_from": 2}, "ix_holding_thawed"),
        ({"collected_from": date(2026, 4, 9)}, "ix_sample_collected_at_id"),
        ({"collected_to": date(2026, 4, 9), "thaws_to": 1}, "ix_sample_collected_at_id"),
        ({"sample_types": {SampleType.SERUM}}, "ix_sample_sample_type_id"),
        ({"sample_types": {SampleType.SERUM, SampleType.DNA}}, "SCAN sample"),
        ({"exposure": ExposureState.WAITING}, "uq_exposure_waiting"),
    ],
)
def test_a_search_for_few_reads_few(actors: People, wanted: dict[str, object], index: str):
    if db.engines["registry"].dialect.name != "sqlite":
        pytest.skip("PostgreSQL rightly walks through a table of a few rows")

    found_plans = plans(actors, **wanted)

    assert any(index in one for one in found_plans), found_plans
    assert not [one for one in found_plans if "TEMP B-TREE" in one], found_plans
