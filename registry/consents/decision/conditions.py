"""When each rule of the decision holds, and on which records."""

from dataclasses import dataclass

from registry.consents.decision import authority, duo, grace
from registry.consents.decision.case import Case, proof_due
from registry.consents.decision.facts import SignedConsent
from registry.consents.decision.forms import Term
from registry.kernel.messages import Message, T
from registry.vocab.consent import Answer, CheckOutcome, Regime, Use, Verdict
from registry.vocab.people import ParticipantStatus

#: Answers that were given and are no agreement.
_NO_AGREEMENT = frozenset({Answer.REFUSED, Answer.NOT_ASKED, Answer.UNCLEAR})


@dataclass(frozen=True)
class Finding:
    """That a rule holds: on which records, and what it says here beyond its sentence."""

    #: Empty for the forms that decide.
    evidence: tuple[str, ...] = ()
    #: None for the sentence of the rule.
    reason: Message | None = None
    #: None for the verdict of the rule.
    verdict: Verdict | None = None


_HOLDS = Finding()


def identity_uncertain(case: Case) -> Finding | None:
    """Rule 1: the identity is doubtful, or records of one person contradict each other."""
    if ParticipantStatus.TENTATIVE in case.facts.statuses:
        return _HOLDS
    if case.aliases_disagree:
        return Finding(
            evidence=tuple(consent.ref for consent in case.asking),
            reason=T(
                "Two records were found to be of one person, who answered differently in each. "
                "Ask the participant again."
            ),
        )
    return None


def withdrawn(case: Case) -> Finding | None:
    """Rule 2: a withdrawal or an opposition stands."""
    stops = tuple(stop.ref for stop in case.standing_stops)
    return Finding(evidence=stops) if stops else None


def no_record(case: Case) -> Finding | None:
    """Rule 3: no form was signed, its record is not in order, or its scan is overdue."""
    if not case.facts.statuses or not case.signed:
        return _HOLDS
    for consent in case.deciding:
        if consent.outcome is CheckOutcome.FAILED and consent.check:
            return Finding(
                evidence=(consent.ref, consent.check),
                reason=T("The record of the consent was checked and is not in order. Correct it."),
            )
    for consent in case.deciding:
        due = proof_due(consent)
        if due is not None and case.on > due:
            return Finding(
                evidence=(consent.ref,),
                reason=T("The scan of the signed form was due and is missing. Attach it."),
            )
    return None


def no_authority(case: Case) -> Finding | None:
    """Rule 4: who signed could not bind the participant, or somebody opposed it."""
    for consent in case.deciding:
        reason = authority.flaw(consent, case.facts.adult_from)
        if reason is not None:
            return Finding(evidence=(consent.ref,), reason=reason)
    return None


def not_informed_anew(case: Case) -> Finding | None:
    """Rule 5: a minor came of age or a mandate ended, and nobody was asked anew."""
    if not case.deciding:
        return None
    adult_from = case.facts.adult_from
    if (
        adult_from is not None
        and case.on >= grace.majority_stops(adult_from)
        and not all(grace.is_renewed(case, consent, adult_from) for consent in case.deciding)
    ):
        return Finding(
            reason=T(
                "The participant has come of age and was not asked anew. Ask for their own consent."
            )
        )
    ended = tuple(
        consent.ref
        for consent in case.deciding
        if (since := authority.ended(consent)) is not None
        and case.on >= since
        and not grace.is_renewed(case, consent, since)
    )
    if ended:
        return Finding(
            evidence=ended,
            reason=T(
                "The mandate of whoever signed has ended. Ask the participant, or whoever "
                "speaks for them now."
            ),
        )
    return None


def expired(case: Case) -> Finding | None:
    """Rule 6: an answer that counts holds no longer."""
    ended = tuple(
        consent.ref
        for consent in case.deciding
        if (last := case.ends(consent)) is not None and case.on > last
    )
    return Finding(evidence=ended) if ended else None


def version_outdated(case: Case) -> Finding | None:
    """Rule 7: a newer version had to be signed by a day that is past."""
    overdue = tuple(
        ref
        for consent in case.deciding
        for change in grace.asked_anew(case, consent)
        if change.by is not None and case.on > change.by
        for ref in (consent.ref, change.ref)
    )
    return Finding(evidence=tuple(dict.fromkeys(overdue))) if overdue else None


def not_agreed(case: Case) -> Finding | None:
    """Rule 8: nobody was asked, or the answer is no agreement."""
    if not case.asking:
        return Finding(
            evidence=tuple(consent.ref for consent in case.signed),
            reason=T("No form that was signed asks about this."),
        )
    return _HOLDS if any(item.answer in _NO_AGREEMENT for item in case.answers) else None


def no_express_agreement(case: Case) -> Finding | None:
    """Rule 9: a form that rests on express consent holds no agreement."""
    lacking = any(
        consent.regime is Regime.EXPRESS and not case.says(consent).agrees
        for consent in case.deciding
    )
    return _HOLDS if lacking else None


def no_information(case: Case) -> Finding | None:
    """Rule 10: non-opposition without proof that the participant was informed."""
    lacking = any(
        consent.regime is Regime.NON_OPPOSITION and case.informed(consent) is None
        for consent in case.deciding
    )
    return _HOLDS if lacking else None


def no_genetics_terms(case: Case) -> Finding | None:
    """Rule 11: genetics without an answer of its own, information, or the minor’s say."""
    if case.use is not Use.GENETICS:
        return None
    if not any(item.uses == {Use.GENETICS} for item in case.answers):
        return _HOLDS
    if any(case.informed(consent) is None for consent in case.deciding):
        return _HOLDS
    if not all(_minor_was_asked(case, consent) for consent in case.deciding):
        return Finding(reason=T("The minor’s own agreement to genetic examination was not sought."))
    return None


def _minor_was_asked(case: Case, consent: SignedConsent) -> bool:
    """Besides the parents, the minor is asked; who cannot express it was asked as well."""
    if consent.regime is not Regime.EXPRESS:
        return True
    if not authority.was_minor(consent.signed_on, case.facts.adult_from):
        return True
    return any(one.role is authority.SELF for one in consent.signatories)


def conditions_not_met(case: Case) -> Finding | None:
    """Rule 12: the conditions (DUO) forbid it, or leave it to a person."""
    for one in case.weighed:
        if one.verdict is Verdict.DENY and one.because:
            return Finding(
                reason=T(
                    "The participant agreed on a condition that this does not meet: {condition}.",
                    condition=duo.said(one.because),
                )
            )
    for one in case.weighed:
        if one.verdict is Verdict.MANUAL and one.because:
            return Finding(
                verdict=Verdict.MANUAL,
                reason=T(
                    "A person has to decide whether the condition is met: {condition}.",
                    condition=duo.said(one.because),
                ),
            )
    if case.question.study is not None and case.question.study.is_sensitive:
        return Finding(
            verdict=Verdict.MANUAL,
            reason=T("The topic is sensitive: a person has to decide."),
        )
    return None


def agreed(case: Case) -> Finding | None:
    """Rule 13: everything that decides agrees."""
    if not case.deciding or not all(case.says(consent).agrees for consent in case.deciding):
        return None
    proofs = (case.informed(consent) for consent in case.deciding)
    scans = (consent.proof for consent in case.deciding)
    refs = [consent.ref for consent in case.deciding]
    return Finding(evidence=tuple(dict.fromkeys(filter(None, [*refs, *proofs, *scans]))))


def obliges(case: Case) -> tuple[Term, ...]:
    """The conditions that whoever uses it takes upon themselves."""
    return tuple(dict.fromkeys(term for one in case.weighed for term in one.obliges))
