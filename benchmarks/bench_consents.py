"""A million decisions in one pass, and feasibility counts with consent applied.

The population is written by Core inserts, as no service would: forms signed on
five years of days, three in a hundred withdrawn, five in a hundred refusing.
The floor of the decisions is a bare scan of the rows that they read, before and
after them.  `REGISTRY_BENCH_ENGINE=postgresql` measures on PostgreSQL.
"""

import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from benchmarks.harness import Goal, Result
from benchmarks.registry_in import OPERATOR, Engine, Fresh, fresh_registry, people
from registry.accounts import service as accounts
from registry.applications.criteria import Criteria
from registry.consents.decision import decide_each
from registry.consents.standing import service as standing
from registry.consents.templates import service as templates
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import FormText, ItemText
from registry.extracts import catalogue
from registry.extracts.catalogue import Question
from registry.kernel import clock
from registry.kernel.actor import Actor, Grant
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.vocab.applications import Purpose
from registry.vocab.consent import Answer, Language, Regime, Use
from registry.vocab.people import Role, Sex
from registry.vocab.research import RecipientKind
from registry.vocab.samples import ContainerType, SampleType, Unit

#: The uses by which participants are multiplied to a million.
_USES = (Use.ACADEMIC_RESEARCH, Use.GENETICS)
_AT_ONCE = 20_000
_TUBES = (SampleType.SERUM, SampleType.PLASMA_SINGLE_SPUN, SampleType.URINE_SPOT)
_RECORDED = datetime(2026, 1, 5, 9, tzinfo=UTC)

_ITEMS = (
    ItemText("biobank", "Keep.", frozenset({Use.COLLECT, Use.STORE}), mandatory=True),
    ItemText("research", "Research.", frozenset({Use.ACADEMIC_RESEARCH, Use.SHARE})),
    ItemText("company", "Companies.", frozenset({Use.COMMERCIAL_RESEARCH})),
    ItemText("genetics", "Genetics.", frozenset({Use.GENETICS}), valid_months=120),
)


def run() -> list[Result]:
    """Half a million participants, two uses each; `REGISTRY_BENCH_PEOPLE` makes it smaller."""
    number = people(500_000)
    engine: Engine = "sqlite"
    if os.environ.get("REGISTRY_BENCH_ENGINE") == "postgresql":
        engine = "postgresql"
    with fresh_registry(engine) as fresh:
        _fill(fresh, number)
        _settle(engine)
        return [*_decisions(number), *_counts(engine, number)]


def _settle(engine: Engine) -> None:
    """What PostgreSQL does by itself in the minutes after."""
    if engine == "postgresql":
        with db.engines["registry"].connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("VACUUM ANALYZE")


def _portions(number: int) -> Iterator[range]:
    for first in range(1, number + 1, _AT_ONCE):
        yield range(first, min(first + _AT_ONCE, number + 1))


def _form() -> ConsentTemplate:
    text = FormText(
        "FORM", 1, Language.FRENCH, "Form", Regime.EXPRESS, _ITEMS, date(2020, 1, 1), None
    )
    return templates.finalise(OPERATOR, templates.write(OPERATOR, text).id)


def _fill(fresh: Fresh, number: int) -> None:
    dice = random.Random(3)
    form = _form()
    items = [(item.id, item.code) for item in form.items]
    site, cohort, template = fresh.site.id, fresh.cohort.id, form.id
    registry_session.rollback()
    for ids in _portions(number):
        with db.engines["registry"].begin() as connection:
            for table, rows in _rows(ids, dice, site, cohort, template, items).items():
                if rows:
                    connection.execute(sa.insert(Participant.metadata.tables[table]), rows)


def _rows(
    ids: range,
    dice: random.Random,
    site: int,
    cohort: int,
    template: int,
    items: list[tuple[int, str]],
) -> dict[str, list[dict[str, Any]]]:
    """What is on record of some participants; samples are full as the ledger would have it."""
    found: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "participant", "participant_history", "consent", "consent_answer", "withdrawal",
            "sample", "quantity_entry",
        )
    }  # fmt: skip
    for one in ids:
        signed_on = date(2021, 1, 1) + timedelta(days=dice.randrange(1_800))
        found["participant"].append(_participant(one, dice, site, cohort, signed_on))
        found["participant_history"].append(
            {"participant_id": one, "status": "enrolled", "person_uid": f"{one:032x}",
             "recorded_at": _RECORDED}
        )  # fmt: skip
        found["consent"].append(
            {"id": one, "participant_id": one, "template_id": template, "language": "fr",
             "channel": "paper", "information_given_on": signed_on, "signed_on": signed_on,
             "received_at": _RECORDED, "recorded_at": _RECORDED}
        )  # fmt: skip
        for item, code in items:
            refuses = code != "biobank" and dice.random() < 0.05
            answer = Answer.REFUSED if refuses else Answer.ACCEPTED
            found["consent_answer"].append({"consent_id": one, "item_id": item, "answer": answer})
        if dice.random() < 0.03:
            found["withdrawal"].append(
                {"participant_id": one, "scope": "all", "effective_on": date(2026, 2, 1),
                 "channel": "letter", "recorded_at": _RECORDED}
            )  # fmt: skip
        for place in range(dice.randint(1, len(_TUBES))):
            sample = one * 4 + place
            found["sample"].append(_sample(sample, one, _TUBES[place], site, signed_on))
            found["quantity_entry"].append(
                {"sample_id": sample, "seq": 1, "delta": Decimal("0.5"), "balance": Decimal("0.5"),
                 "reason": "collected", "recorded_at": _RECORDED}
            )  # fmt: skip
    return found


def _participant(
    one: int, dice: random.Random, site: int, cohort: int, signed_on: date
) -> dict[str, Any]:
    return {
        "id": one,
        "code": f"{one:08d}",
        "person_uid": f"{one:032x}",
        "cohort_id": cohort,
        "site_id": site,
        "included_on": signed_on,
        "birth_year": dice.randint(1940, 2000),
        "sex": dice.choice(("female", "male")),
        "status": "enrolled",
        "is_incomplete": False,
        "recorded_at": _RECORDED,
        "version": 1,
    }


def _sample(number: int, one: int, kind: SampleType, site: int, signed_on: date) -> dict[str, Any]:
    return {
        "id": number,
        "code": f"S{number}",
        "participant_id": one,
        "site_id": site,
        "sample_type": kind,
        "container_type": ContainerType.SERUM_CLOT,
        "unit": Unit.MILLILITRE,
        "collected_at": datetime(signed_on.year, signed_on.month, signed_on.day, 8, tzinfo=UTC),
        "recorded_at": _RECORDED,
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _decisions(number: int) -> list[Result]:
    """Each use asked about everybody, live, and the rows alone read as the floor."""
    today = clock.today()
    ids = range(1, number + 1)
    decided = number * len(_USES)

    def decide() -> None:
        each = (one for use in _USES for one in decide_each(ids, use, today))
        if sum(1 for _who, decision in each if decision.rule) != decided:
            raise AssertionError("somebody was not decided about")

    scan, before = _timed(_scan), _memory()
    took = _timed(decide)
    grown, scan = _memory() - before, (scan + _timed(_scan)) / 2
    name = f"{decided:,} decisions, live"
    return [
        Result(name, decided / took, "decisions/s", floor=decided / (scan * len(_USES))),
        Result("memory beyond the most held before", grown, "MB"),
    ]


def _memory() -> float:
    """The most that the process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _scan() -> None:
    """Fetch the rows that decisions read, and do nothing with them."""
    with db.engines["registry"].connect() as connection:
        for name in ("participant_history", "consent", "consent_answer", "withdrawal"):
            table = Participant.metadata.tables[name]
            raw = str(sa.select(table).compile(dialect=connection.dialect))
            for _row in connection.exec_driver_sql(raw):
                pass


def _counts(engine: Engine, number: int) -> list[Result]:
    """The first count of somebody who has seen nothing, and those of one who has seen much."""
    refreshed = _timed(lambda: standing.refresh(OPERATOR))
    _settle(engine)
    actor = _investigator()
    questions = [
        Question(Purpose.ACADEMIC, Criteria(), RecipientKind.PUBLIC),
        Question(Purpose.ACADEMIC, Criteria(sexes=(Sex.FEMALE,)), RecipientKind.PUBLIC),
        Question(Purpose.GENETIC, Criteria(), RecipientKind.PUBLIC),
        Question(Purpose.ACADEMIC, Criteria(sample_types=(SampleType.SERUM,))),
        Question(Purpose.COMMERCIAL, Criteria(collected_from=2023), RecipientKind.COMPANY),
    ]
    busy = time.process_time()
    times = [_timed(partial(catalogue.count, actor, question)) for question in questions]
    busy = (time.process_time() - busy) / len(times)
    if catalogue.answer_of(catalogue.count(actor, questions[0])).total.is_masked:
        raise AssertionError("nobody was counted")
    goal = Goal("figure", at_most=1.0)
    return [
        Result("standings worked out", number / refreshed, "participants/s"),
        Result(f"first count over {number:,}", times[0], "s", goal=goal),
        Result(f"slowest of {len(times)} counts", max(times), "s", goal=goal),
        Result(f"median of {len(times)} counts", sorted(times)[len(times) // 2], "s", goal=goal),
        Result("processor's time of a count, without the server's", busy, "s"),
    ]


def _investigator() -> Actor:
    """Somebody who counts."""
    user = accounts.create_user(
        OPERATOR, login="counting", name="Counting", password="correct horse battery staple"
    )
    grants = frozenset({Grant(Role.INVESTIGATOR)})
    return Actor(id=user.id, login=user.login, name=user.name, grants=grants)
