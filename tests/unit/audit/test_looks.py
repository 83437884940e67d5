"""The list of looks is read along an index, however long the journal is."""

import pytest

from registry.audit import looks
from registry.audit.looks import Wanted, Whose
from registry.kernel import clock
from registry.persistence import db


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(actor_id=1),
        Wanted(site_id=1),
        Wanted(since=clock.today(), until=clock.today()),
        Wanted(of=Whose({"person:abc", "match_review:1"}, "ABCD-EFGH")),
    ],
    ids=["all", "person", "site", "days", "participant"],
)
def test_no_question_walks_through_the_whole_journal(app, wanted: Wanted):
    engine = db.engines["registry"]
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL rightly walks through a journal of a few rows")
    query = looks._query(wanted).limit(50).compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]

    assert any("USING INDEX" in line for line in plan), plan
    assert not any(line.startswith("SCAN audit_entry") for line in plan), plan
