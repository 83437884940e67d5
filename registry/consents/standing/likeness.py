"""Whom the decision cannot tell apart: facts reduced to what bears on it, and until when.

Every comparison that a rule makes is between two days of the facts, or between
one of them and the day that is asked about.  So the days are replaced by
others in the same order, and what depends on a number of months or days is
replaced by whether it is past.  Where a rule adds up days in another way (coming of
age, agreement for a number of months) the facts stay as they are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from registry.consents.decision.case import proof_due
from registry.consents.decision.facts import Facts, Information, Signatory, SignedConsent, Stop
from registry.consents.decision.forms import Change, ItemAnswer
from registry.kernel.days import months_later
from registry.vocab.consent import ChangeRule
from registry.vocab.research import DuoTerm

#: The day that stands for the one that is asked about.
AS_OF = date(2100, 1, 1)
EVER, NEVER = date(1, 1, 1), date(9999, 12, 31)
_RECORDED = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
#: Between two days there is another, as some rules ask about the day after.
_STEP = timedelta(days=3)
#: Conditions that count in months or days.
_COUNTING = frozenset({DuoTerm.TS, DuoTerm.MOR})


@dataclass(frozen=True)
class Likeness:
    """The facts as a profile keeps them, and between which days they stand for the real ones."""

    facts: Facts
    #: The day to ask about; None for the day itself.
    on: date | None
    from_on: date
    until_on: date


def likeness(facts: Facts, on: date) -> Likeness:
    """What the decision on the day `on`, and on others like it, has to know."""
    if not _is_comparable(facts):
        return Likeness(_without_records(facts), None, EVER, NEVER)
    turns = sorted(_turns(facts))
    return Likeness(
        _in_order(facts, on),
        AS_OF,
        max((turn for turn in turns if turn <= on), default=EVER),
        min((turn - _DAY for turn in turns if turn > on), default=NEVER),
    )


def _is_comparable(facts: Facts) -> bool:
    terms = (name for form in facts.consents for item in form.items for name, _value in item.terms)
    return facts.adult_from is None and facts.merged_at is None and _COUNTING.isdisjoint(terms)


def _without_records(facts: Facts) -> Facts:
    """The facts without the marks of their records, which decide nothing."""
    return replace(
        facts,
        consents=tuple(_without_record(form, number) for number, form in enumerate(facts.consents)),
        stops=tuple(replace(stop, ref="withdrawal:0") for stop in facts.stops),
        informed=tuple(replace(one, ref="consent_information:0") for one in facts.informed),
        changes=tuple(_asking(facts)),
    )


def _without_record(form: SignedConsent, number: int) -> SignedConsent:
    kept = replace(
        form,
        ref=f"consent:{number}",
        participant_id=0,
        check=None if form.check is None else "consent_check:0",
    )
    if proof_due(form) is not None:
        return kept
    return replace(kept, recorded_at=_RECORDED, proof_within_days=None, proof=None)


def _asking(facts: Facts) -> Iterator[Change]:
    """The newer versions that the participant has to sign."""
    for change in facts.changes:
        is_older = any(
            form.code == change.code and form.number < change.number for form in facts.consents
        )
        if is_older and change.rule is ChangeRule.RECONSENT and change.by is not None:
            yield replace(change, ref="consent_template:0", since=EVER)


def _ends(form: SignedConsent) -> Iterator[date]:
    """The last days on which something of the form holds."""
    for item in form.items:
        if item.valid_months is not None:
            yield months_later(form.signed_on, item.valid_months)
    due = proof_due(form)
    if due is not None:
        yield due


def _compared(facts: Facts) -> Iterator[date]:
    """Every day that a rule compares as it is."""
    for form in facts.consents:
        yield form.signed_on
        for one in form.signatories:
            yield from filter(None, (one.authority_from, one.authority_to))
    yield from (stop.effective_on for stop in facts.stops)
    yield from (one.informed_on for one in facts.informed)
    yield from (change.by for change in _asking(facts) if change.by is not None)


def _turns(facts: Facts) -> Iterator[date]:
    """Every day on which the answer may become another one."""
    for day in _compared(facts):
        yield day
        if day < NEVER:
            yield day + _DAY
    yield from (day + _DAY for form in facts.consents for day in _ends(form))


def _in_order(facts: Facts, on: date) -> Facts:
    """The same facts on other days in the same order, `on` being `AS_OF`."""
    ordered = sorted({on, *_compared(facts)})
    today = ordered.index(on)
    placed = {day: AS_OF + (rank - today) * _STEP for rank, day in enumerate(ordered)}

    def place(day: date | None) -> date | None:
        return None if day is None else placed[day]

    return Facts(
        statuses=tuple(sorted(set(facts.statuses))),
        consents=tuple(
            _form(form, number, on, placed, place) for number, form in enumerate(facts.consents)
        ),
        stops=tuple(_stop(stop, placed) for stop in facts.stops),
        informed=tuple(_information(one, placed) for one in facts.informed),
        changes=tuple(replace(one, by=place(one.by)) for one in _asking(facts)),
    )


def _form(
    form: SignedConsent,
    number: int,
    on: date,
    placed: dict[date, date],
    place: Callable[[date | None], date | None],
) -> SignedConsent:
    due = proof_due(form)
    signed_on = placed[form.signed_on]
    return replace(
        form,
        ref=f"consent:{number}",
        participant_id=0,
        signed_on=signed_on,
        information_given_on=None if form.information_given_on is None else signed_on,
        recorded_at=_RECORDED,
        items=tuple(_item(item, form, on) for item in form.items),
        proof_within_days=0 if due is not None and due < on else None,
        signatories=tuple(_signatory(one, place) for one in form.signatories),
        proof=None,
        check=None if form.check is None else "consent_check:0",
    )


def _item(item: ItemAnswer, form: SignedConsent, on: date) -> ItemAnswer:
    """The item, which holds for good or no longer."""
    if item.valid_months is None:
        return item
    is_past = months_later(form.signed_on, item.valid_months) < on
    return replace(item, valid_months=0 if is_past else None)


def _signatory(one: Signatory, place: Callable[[date | None], date | None]) -> Signatory:
    return replace(
        one, authority_from=place(one.authority_from), authority_to=place(one.authority_to)
    )


def _stop(stop: Stop, placed: dict[date, date]) -> Stop:
    return replace(stop, ref="withdrawal:0", effective_on=placed[stop.effective_on])


def _information(one: Information, placed: dict[date, date]) -> Information:
    return replace(one, ref="consent_information:0", informed_on=placed[one.informed_on])
