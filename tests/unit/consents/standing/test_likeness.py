"""A profile says what the facts say, of any study, on every day for which it stands."""

import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings, strategies as st

from registry.consents.decision import Study, judge, questions
from registry.consents.decision.case import Case
from registry.consents.decision.facts import Facts, Information, Signatory, SignedConsent, Stop
from registry.consents.decision.forms import Change, ItemAnswer
from registry.consents.standing import written
from registry.consents.standing.likeness import likeness
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
from tests.unit.consents.decision.known import consent, facts, item, stop

FIRST = date(2026, 1, 1)

days = st.integers(0, 90).map(lambda number: FIRST + timedelta(days=number))
moments = days.map(lambda day: datetime(day.year, day.month, day.day, 11, tzinfo=UTC))
codes = st.sampled_from(["FORM", "OTHER"])
terms = st.sampled_from(
    [
        (DuoTerm.HMB, ""),
        (DuoTerm.GRU, ""),
        (DuoTerm.DS, "M32"),
        (DuoTerm.NPU, ""),
        (DuoTerm.GS, "FR"),
        (DuoTerm.IRB, ""),
        (DuoTerm.COL, ""),
        (DuoTerm.PS, "D-1"),
        (DuoTerm.TS, "2"),
    ]
)
items = st.builds(
    ItemAnswer,
    code=st.sampled_from(["a", "b", "c"]),
    uses=st.sets(st.sampled_from(Use), min_size=1, max_size=4).map(frozenset),
    mandatory=st.booleans(),
    valid_months=st.sampled_from([None, 1, 2]),
    answer=st.sampled_from([Answer.ACCEPTED, Answer.ACCEPTED, Answer.REFUSED, None]),
    terms=st.sets(terms, max_size=2).map(frozenset),
)
signatories = st.builds(
    Signatory,
    role=st.sampled_from(SignatoryRole),
    stance=st.sampled_from([Stance.AGREES, Stance.AGREES, Stance.OPPOSES]),
    has_authority=st.booleans(),
    authority_from=st.none() | days,
    authority_to=st.none() | days,
)
consents = st.builds(
    SignedConsent,
    ref=st.integers(1, 10**6).map("consent:{}".format),
    participant_id=st.just(1),
    regime=st.sampled_from(Regime),
    signed_on=days,
    information_given_on=st.sampled_from([None, FIRST]),
    recorded_at=moments,
    items=st.lists(items, min_size=1, max_size=3).map(tuple),
    code=codes,
    number=st.integers(1, 2),
    audience=st.sampled_from([Audience.ADULT, Audience.ADULT, Audience.MINOR]),
    proof_within_days=st.sampled_from([None, None, 10]),
    signatories=st.lists(signatories, max_size=2).map(tuple),
    proof=st.sampled_from([None, "consent_proof:1"]),
    check=st.just("consent_check:1"),
    outcome=st.sampled_from([None, None, CheckOutcome.PASSED, CheckOutcome.FAILED]),
)
stops = st.builds(
    Stop,
    ref=st.just("withdrawal:1"),
    uses=st.sets(st.sampled_from(Use), max_size=3).map(frozenset),
    effective_on=days,
    items=st.sets(st.sampled_from(["a", "b"]), max_size=1).map(frozenset),
    projects=st.sampled_from([frozenset(), frozenset({"D-1"})]),
)
known_facts = st.builds(
    Facts,
    statuses=st.lists(st.sampled_from(ParticipantStatus), min_size=1, max_size=1).map(tuple),
    consents=st.lists(consents, max_size=3, unique_by=lambda form: form.ref).map(tuple),
    stops=st.lists(stops, max_size=2).map(tuple),
    informed=st.lists(
        st.builds(
            Information,
            ref=st.just("consent_information:1"),
            code=codes,
            number=st.integers(1, 2),
            informed_on=days,
        ),
        max_size=2,
    ).map(tuple),
    adult_from=st.sampled_from([None, None, date(2026, 2, 1)]),
    changes=st.lists(
        st.builds(
            Change,
            ref=st.just("consent_template:FORM:2:fr"),
            code=codes,
            number=st.just(2),
            rule=st.sampled_from(ChangeRule),
            by=st.none() | days,
            since=days,
        ),
        max_size=2,
    ).map(tuple),
)
studies = st.builds(
    Study,
    category=st.sampled_from(ResearchCategory),
    diseases=st.sampled_from([frozenset(), frozenset({"M32.1"})]),
    recipient=st.sampled_from(RecipientKind),
    institution=st.none(),
    country=st.sampled_from(["FR", "US"]),
    genetics=st.booleans(),
    linkage=st.booleans(),
    project=st.sampled_from([None, "D-1"]),
    ends_on=st.none() | days,
    ethics_approved=st.booleans(),
)


def answers(known: Facts, asked: Use | Study, on: date) -> list[tuple[str, int, frozenset[str]]]:
    found = [judge(Case(known, question, on)) for question in questions(asked)]
    return [
        (one.verdict, one.rule, frozenset(owed.term for owed in one.obligations)) for one in found
    ]


@settings(max_examples=400)
@given(known_facts, st.sampled_from(Use) | studies, days, days)
def test_a_profile_answers_as_the_facts_do_on_every_day_for_which_it_stands(
    known: Facts, asked: Use | Study, on: date, other: date
):
    found = likeness(known, on)
    kept = json.loads(json.dumps(written.content(found)))

    assert found.from_on <= on <= found.until_on
    for day in (on, min(max(other, found.from_on), found.until_on)):
        told, standing_day = written.read(kept, day)
        assert answers(told, asked, standing_day) == answers(known, asked, day)


def test_people_who_signed_the_same_on_different_days_share_a_profile():
    january = facts(consent(item(valid_months=12), signed_on=date(2026, 1, 10)))
    march = facts(consent(item(valid_months=12), signed_on=date(2026, 3, 2), ref="consent:7"))

    one, other = (likeness(known, date(2026, 5, 1)) for known in (january, march))

    assert written.digest(written.content(one)) == written.digest(written.content(other))
    assert one.until_on == date(2027, 1, 10)
    assert other.until_on == date(2027, 3, 2)


def test_a_withdrawal_to_come_ends_the_profile_the_day_before():
    known = facts(consent(), stops=(stop(date(2026, 6, 1)),))

    assert likeness(known, date(2026, 5, 1)).until_on == date(2026, 5, 31)
