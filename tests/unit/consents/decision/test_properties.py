"""What the decision promises whatever the facts and whatever is asked."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, given, strategies as st

from registry.consents.decision import Asked, Study
from registry.consents.decision.facts import Facts, Information, Signatory, SignedConsent, Stop
from registry.consents.decision.forms import Change, ItemAnswer
from registry.vocab.consent import (
    Answer,
    Audience,
    ChangeRule,
    CheckOutcome,
    Regime,
    SignatoryRole,
    Stance,
    Use,
)
from registry.vocab.people import ParticipantStatus
from registry.vocab.research import DuoTerm, RecipientKind, ResearchCategory
from tests.unit.consents.decision.known import decided, moment

FIRST = date(2026, 1, 1)
PROJECT = "D-2026-0001"
ENROLLED = ParticipantStatus.ENROLLED
RESEARCH = frozenset({Use.ACADEMIC_RESEARCH, Use.SHARE, Use.GENETICS})


def mostly(usual: object, others: Iterable[object]) -> st.SearchStrategy[Any]:
    """The usual value three times out of four: else nothing would ever be allowed."""
    rare = list(others)
    return st.sampled_from([usual] * 3 * len(rare) + rare)


days = st.integers(0, 60).map(lambda number: FIRST + timedelta(days=number))
moments = days.map(moment)
uses = st.just(RESEARCH) | st.sets(st.sampled_from(Use), min_size=1, max_size=3).map(frozenset)
values = st.sampled_from(["", "M05", "M05.9", "FR", "US", "12", PROJECT, "2026-09-01"])
terms = st.sets(st.tuples(st.sampled_from(DuoTerm), values), max_size=2).map(frozenset)
versions = st.sampled_from([1, 2])

items = st.builds(
    ItemAnswer,
    code=st.sampled_from(["a", "b", "c"]),
    uses=uses,
    mandatory=st.booleans(),
    valid_months=mostly(None, [1]),
    answer=mostly(Answer.ACCEPTED, [*Answer, None]),
    terms=st.just(frozenset()) | st.just(frozenset()) | terms,
)
signatories = st.builds(
    Signatory,
    role=st.sampled_from(SignatoryRole),
    stance=st.sampled_from(Stance),
    has_authority=st.booleans(),
    authority_from=st.sampled_from([None, FIRST]),
    authority_to=st.none() | days,
)
consents = st.builds(
    SignedConsent,
    ref=st.sampled_from(["consent:1", "consent:2"]),
    participant_id=st.sampled_from([1, 2]),
    regime=st.sampled_from(Regime),
    signed_on=days,
    information_given_on=mostly(FIRST, [None]),
    recorded_at=moments,
    items=st.lists(items, min_size=1, max_size=3, unique_by=lambda item: item.code).map(tuple),
    code=st.sampled_from(["FORM", "OTHER"]),
    number=versions,
    audience=mostly(Audience.ADULT, Audience),
    proof_within_days=mostly(None, [10]),
    signatories=st.just(()) | st.just(()) | st.lists(signatories, max_size=2).map(tuple),
    proof=st.sampled_from([None, "consent_proof:1"]),
    check=st.just("consent_check:1"),
    outcome=mostly(None, CheckOutcome),
)
stops = st.builds(
    Stop,
    ref=st.just("withdrawal:1"),
    uses=st.just(frozenset[Use]()) | uses,
    effective_on=days,
    items=st.sets(st.sampled_from(["a", "b"]), max_size=1).map(frozenset),
    projects=st.sampled_from([frozenset[str](), frozenset({PROJECT})]),
)
known_facts = st.builds(
    Facts,
    statuses=mostly((ENROLLED,), [(one, ENROLLED) for one in ParticipantStatus]),
    merged_at=st.none() | st.none() | moments,
    consents=st.lists(consents, min_size=1, max_size=3).map(tuple),
    stops=st.just(()) | st.lists(stops, max_size=2).map(tuple),
    informed=st.lists(
        st.builds(Information, st.just("consent_information:1"), st.just("FORM"), versions, days),
        max_size=1,
    ).map(tuple),
    adult_from=st.none() | st.none() | days,
    changes=st.lists(
        st.builds(
            Change,
            st.just("consent_template:FORM:2:fr"),
            st.just("FORM"),
            st.just(2),
            st.sampled_from(ChangeRule),
            st.none() | days,
            days,
        ),
        max_size=1,
    ).map(tuple),
)
studies = st.builds(
    Study,
    category=mostly(ResearchCategory.HEALTH, ResearchCategory),
    diseases=st.sets(st.sampled_from(["M05", "M05.9", "B20"]), max_size=1).map(frozenset),
    recipient=mostly(RecipientKind.INSTITUTE, RecipientKind),
    country=mostly("FR", ["US"]),
    genetics=st.booleans(),
    linkage=mostly(False, [True]),
    project=st.sampled_from([None, PROJECT]),
    ends_on=st.none() | days,
    ethics_approved=st.booleans(),
)
asked_about = mostly(Use.ACADEMIC_RESEARCH, Use) | studies


def allows(facts: Facts, asked: Asked, on: date) -> bool:
    return decided(facts, asked, on).is_allowed


def with_items(facts: Facts, change: Any) -> Facts:
    """The facts with each answer changed."""
    return replace(
        facts,
        consents=tuple(
            replace(consent, items=tuple(change(item) for item in consent.items))
            for consent in facts.consents
        ),
    )


@given(known_facts, st.sampled_from(Use), days)
def test_a_withdrawal_always_wins_over_what_was_signed_before(facts: Facts, use: Use, on: date):
    latest = max((consent.signed_on for consent in facts.consents), default=on)
    stopped = replace(facts, stops=(*facts.stops, Stop("withdrawal:9", frozenset({use}), latest)))

    assert not allows(stopped, use, max(on, latest))


@given(known_facts, studies, days)
def test_a_withdrawal_from_everything_stops_every_study(facts: Facts, study: Study, on: date):
    latest = max((consent.signed_on for consent in facts.consents), default=on)
    everything = Stop("withdrawal:9", frozenset(Use), latest)

    assert not allows(replace(facts, stops=(*facts.stops, everything)), study, max(on, latest))


@given(known_facts, studies, days)
def test_an_opposed_project_gets_nothing_that_was_signed_before(
    facts: Facts, study: Study, on: date
):
    latest = max((consent.signed_on for consent in facts.consents), default=on)
    opposed = Stop("withdrawal:9", frozenset(), latest, projects=frozenset({PROJECT}))
    stopped = replace(facts, stops=(*facts.stops, opposed))

    assert not allows(stopped, replace(study, project=PROJECT), max(on, latest))


@given(known_facts, stops, asked_about, days)
def test_one_more_withdrawal_never_allows_more(facts: Facts, stop: Stop, asked: Asked, on: date):
    stopped = replace(facts, stops=(*facts.stops, stop))

    assert allows(facts, asked, on) or not allows(stopped, asked, on)


@given(known_facts, st.data(), asked_about, days)
def test_more_refusals_never_allow_more(facts: Facts, data: st.DataObject, asked: Asked, on: date):
    """Turn any answers into refusals: nothing that was denied becomes allowed."""
    refused = with_items(
        facts,
        lambda item: replace(item, answer=Answer.REFUSED) if data.draw(st.booleans()) else item,
    )

    assert allows(facts, asked, on) or not allows(refused, asked, on)


@given(known_facts, st.data(), asked_about, days)
def test_more_oppositions_never_allow_more(
    facts: Facts, data: st.DataObject, asked: Asked, on: date
):
    """Let any signatories oppose instead: nothing that was denied becomes allowed."""
    opposed = replace(
        facts,
        consents=tuple(
            replace(
                consent,
                signatories=tuple(
                    replace(one, stance=Stance.OPPOSES) if data.draw(st.booleans()) else one
                    for one in consent.signatories
                ),
            )
            for consent in facts.consents
        ),
    )

    assert allows(facts, asked, on) or not allows(opposed, asked, on)


@given(known_facts, asked_about, days)
def test_unknown_never_allows(facts: Facts, asked: Asked, on: date):
    """With no item accepted anywhere, nothing is allowed."""
    nothing_accepted = with_items(
        facts,
        lambda item: replace(item, answer=None) if item.answer is Answer.ACCEPTED else item,
    )

    assert not allows(nothing_accepted, asked, on)


@given(known_facts, asked_about, days)
def test_a_failed_check_everywhere_allows_nothing(facts: Facts, asked: Asked, on: date):
    failed = replace(
        facts,
        consents=tuple(replace(consent, outcome=CheckOutcome.FAILED) for consent in facts.consents),
    )

    assert not allows(failed, asked, on)


@given(known_facts, studies, days)
def test_what_a_study_asks_less_is_allowed_if_more_is(facts: Facts, study: Study, on: date):
    """A use left out never takes a leave away, unless a condition asks for it."""
    assume(not any(DuoTerm.GSO in dict(item.terms) for c in facts.consents for item in c.items))

    if allows(facts, study, on):
        assert allows(facts, replace(study, linkage=False), on)
        assert allows(facts, replace(study, genetics=False), on)


@given(known_facts, consents, asked_about, days)
def test_what_is_signed_later_does_not_change_an_earlier_day(
    facts: Facts, later: SignedConsent, asked: Asked, on: date
):
    assume(later.signed_on > on)

    before = decided(facts, asked, on)

    assert before == decided(replace(facts, consents=(*facts.consents, later)), asked, on)


@given(known_facts, asked_about, days)
def test_the_order_in_which_facts_are_read_does_not_matter(facts: Facts, asked: Asked, on: date):
    backwards = replace(
        facts,
        consents=facts.consents[::-1],
        stops=facts.stops[::-1],
        informed=facts.informed[::-1],
    )

    one, other = decided(facts, asked, on), decided(backwards, asked, on)

    assert (one.verdict, one.rule) == (other.verdict, other.rule)
