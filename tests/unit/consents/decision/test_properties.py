"""What the decision promises whatever the facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, strategies as st

from registry.consents.decision import judge
from registry.consents.decision.case import Case
from registry.consents.decision.facts import Facts, SignedConsent, Stop
from registry.consents.decision.forms import ItemAnswer
from registry.consents.decision.question import Question
from registry.vocab.consent import Answer, Regime, Use, Verdict
from registry.vocab.people import ParticipantStatus

FIRST = date(2026, 1, 1)

days = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))
uses = st.sets(st.sampled_from(Use), min_size=1, max_size=3).map(frozenset)

items = st.builds(
    ItemAnswer,
    code=st.sampled_from(["a", "b", "c"]),
    uses=uses,
    mandatory=st.booleans(),
    valid_months=st.sampled_from([None, 1]),
    answer=st.sampled_from([*Answer, None]),
)
consents = st.builds(
    SignedConsent,
    ref=st.just("consent:1"),
    participant_id=st.sampled_from([1, 2]),
    regime=st.sampled_from(Regime),
    signed_on=days,
    information_given_on=st.sampled_from([None, FIRST]),
    recorded_at=days.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)),
    items=st.lists(items, min_size=1, max_size=3).map(tuple),
)
stops = st.builds(Stop, ref=st.just("withdrawal:1"), uses=uses, effective_on=days)
known_facts = st.builds(
    Facts,
    statuses=st.lists(st.sampled_from(ParticipantStatus), min_size=1, max_size=2).map(tuple),
    merged_at=st.none() | days.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)),
    consents=st.lists(consents, max_size=4).map(tuple),
    stops=st.lists(stops, max_size=2).map(tuple),
)


def allows(facts: Facts, use: Use, on: date) -> bool:
    return judge(Case(facts, Question(use), on)).verdict is Verdict.ALLOW


@given(known_facts, st.sampled_from(Use), days)
def test_a_withdrawal_always_wins_over_what_was_signed_before(facts: Facts, use: Use, on: date):
    latest = max((consent.signed_on for consent in facts.consents), default=on)
    stopped = replace(facts, stops=(*facts.stops, Stop("withdrawal:9", frozenset({use}), latest)))

    assert not allows(stopped, use, max(on, latest))


@given(known_facts, stops, st.sampled_from(Use), days)
def test_one_more_withdrawal_never_allows_more(facts: Facts, stop: Stop, use: Use, on: date):
    stopped = replace(facts, stops=(*facts.stops, stop))

    assert allows(facts, use, on) or not allows(stopped, use, on)


@given(known_facts, st.data(), st.sampled_from(Use), days)
def test_more_refusals_never_allow_more(facts: Facts, data: st.DataObject, use: Use, on: date):
    """Turn any answers into refusals: nothing that was denied becomes allowed."""
    refused = replace(
        facts,
        consents=tuple(
            replace(
                consent,
                items=tuple(
                    replace(item, answer=Answer.REFUSED) if data.draw(st.booleans()) else item
                    for item in consent.items
                ),
            )
            for consent in facts.consents
        ),
    )

    assert allows(facts, use, on) or not allows(refused, use, on)


@given(known_facts, st.sampled_from(Use), days)
def test_unknown_never_allows(facts: Facts, use: Use, on: date):
    """With no item accepted anywhere, nothing is allowed."""
    nothing_accepted = replace(
        facts,
        consents=tuple(
            replace(
                consent,
                items=tuple(
                    replace(item, answer=None) if item.answer is Answer.ACCEPTED else item
                    for item in consent.items
                ),
            )
            for consent in facts.consents
        ),
    )

    assert not allows(nothing_accepted, use, on)


@given(known_facts, consents, st.sampled_from(Use), days)
def test_what_is_signed_later_does_not_change_an_earlier_day(
    facts: Facts, later: SignedConsent, use: Use, on: date
):
    assume(later.signed_on > on)

    before = judge(Case(facts, Question(use), on))
    after = judge(Case(replace(facts, consents=(*facts.consents, later)), Question(use), on))

    assert before == after


@given(known_facts, st.sampled_from(Use), days)
def test_the_order_in_which_facts_are_read_does_not_matter(facts: Facts, use: Use, on: date):
    backwards = replace(facts, consents=facts.consents[::-1], stops=facts.stops[::-1])

    one, other = judge(Case(facts, Question(use), on)), judge(Case(backwards, Question(use), on))

    assert (one.verdict, one.rule) == (other.verdict, other.rule)
