"""Deadlines: until when something still stands, and what to say of it before the day."""

from collections.abc import Iterator
from datetime import date, timedelta

from registry.consents.decision import authority
from registry.consents.decision.case import Case, proof_due
from registry.consents.decision.facts import SignedConsent
from registry.consents.decision.forms import Change
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.consent import ChangeRule, Regime


def majority_stops(adult_from: date) -> date:
    """The first day on which what was signed for a minor allows nothing more."""
    return adult_from + timedelta(days=limits.MAJORITY_GRACE_DAYS)


def is_renewed(case: Case, consent: SignedConsent, since: date) -> bool:
    """Whether the participant was asked anew from a day on: by signing, or by being informed.

    Information alone renews what rests on non-opposition, and nothing else.
    """
    if consent.signed_on >= since and authority.by_participant(consent):
        return True
    return consent.regime is Regime.NON_OPPOSITION and any(
        since <= one.informed_on <= case.on for one in case.facts.informed
    )


def _all_renewed(case: Case, since: date) -> bool:
    return all(is_renewed(case, consent, since) for consent in case.deciding)


def asked_anew(case: Case, consent: SignedConsent) -> Iterator[Change]:
    """The newer versions of the form that have to be signed."""
    return (
        change
        for change in case.facts.changes
        if change.rule is ChangeRule.RECONSENT
        and change.code == consent.code
        and change.number > consent.number
    )


def flags(case: Case) -> tuple[Message, ...]:
    """What stops nothing yet, and will if nobody acts."""
    found = [flag for consent in case.deciding for flag in _flags(case, consent)]
    adult_from = case.facts.adult_from
    if adult_from is not None and adult_from <= case.on and not _all_renewed(case, adult_from):
        found.append(
            T(
                "The participant comes of age this month or has: without their own consent, "
                "everything is on hold from {day} on.",
                day=majority_stops(adult_from),
            )
        )
    return tuple(dict.fromkeys(found))


def _flags(case: Case, consent: SignedConsent) -> Iterator[Message]:
    due = proof_due(consent)
    if due is not None:
        yield T("The scan of the signed form is due by {day}.", day=due)
    last = case.ends(consent)
    if last is not None and last <= case.on + timedelta(days=limits.CONSENT_QUARTER_DAYS):
        yield T("The consent holds until {day}.", day=last)
    for change in asked_anew(case, consent):
        if change.since <= case.on and change.by is not None:
            yield T("A newer version of the form has to be signed by {day}.", day=change.by)
    if any(_is_untold(case, consent, change) for change in case.facts.changes):
        yield T("The participant was not told of a newer version of the form.")
    ended = authority.ended(consent)
    if ended is not None and ended <= case.on + timedelta(days=limits.CONSENT_QUARTER_DAYS):
        yield T("The mandate of whoever signed ends on {day}.", day=ended - timedelta(days=1))


def _is_untold(case: Case, consent: SignedConsent, change: Change) -> bool:
    """Whether somebody who signed an older version was to be informed of this one, and was not."""
    if change.rule is not ChangeRule.INFORM or change.since > case.on:
        return False
    if change.code != consent.code or change.number <= consent.number:
        return False
    signed = any(one.code == change.code and one.number >= change.number for one in case.signed)
    told = any(
        one.code == change.code and one.number >= change.number and one.informed_on <= case.on
        for one in case.facts.informed
    )
    return not signed and not told
