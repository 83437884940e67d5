"""The decision as a table: the first rule whose condition holds gives the verdict.

Numbers are those of the institute's decision table.  A rule that is added
takes its number's place in the order; what no rule decides is denied.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from registry.consents.decision.facts import Facts, SignedConsent, Stop
from registry.consents.decision.forms import ItemAnswer
from registry.kernel.messages import Message, T
from registry.vocab.consent import Answer, Regime, Use, Verdict
from registry.vocab.people import ParticipantStatus

#: Answers that were given and are no agreement.
_NO_AGREEMENT = frozenset({Answer.REFUSED, Answer.NOT_ASKED, Answer.UNCLEAR})


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Case:
    """One question, with the facts that bear on it."""

    facts: Facts
    use: Use
    on: date

    @cached_property
    def signed(self) -> tuple[SignedConsent, ...]:
        """The forms signed by that day."""
        return tuple(consent for consent in self.facts.consents if consent.signed_on <= self.on)

    @cached_property
    def asking(self) -> tuple[SignedConsent, ...]:
        """Of these, the forms that ask about the use."""
        return tuple(
            consent
            for consent in self.signed
            if any(self.use in item.uses for item in consent.items)
        )

    @cached_property
    def deciding(self) -> tuple[SignedConsent, ...]:
        """The latest of the forms that ask.

        Two of the same day decide together: their order is not known, and so
        a refusal in either counts.
        """
        latest = max((consent.signed_on for consent in self.asking), default=None)
        return tuple(consent for consent in self.asking if consent.signed_on == latest)

    @cached_property
    def answers(self) -> tuple[ItemAnswer, ...]:
        """Every answer that decides."""
        return tuple(item for consent in self.deciding for item in self.bearing(consent))

    def bearing(self, consent: SignedConsent) -> tuple[ItemAnswer, ...]:
        """The form's items on the use, and those without which the form allows nothing."""
        return tuple(item for item in consent.items if item.mandatory or self.use in item.uses)

    def agrees(self, consent: SignedConsent) -> bool:
        """Whether the form, taken alone, agrees to the use."""
        return all(item.answer is Answer.ACCEPTED for item in self.bearing(consent))

    @cached_property
    def standing_stops(self) -> tuple[Stop, ...]:
        """The withdrawals in scope and in effect that no later agreement has lifted."""
        return tuple(
            stop
            for stop in self.facts.stops
            if self.use in stop.uses and stop.effective_on <= self.on and not self._is_lifted(stop)
        )

    def _is_lifted(self, stop: Stop) -> bool:
        """Only an explicit agreement signed on a later day lifts a withdrawal."""
        return any(
            consent.regime is Regime.EXPRESS
            and consent.signed_on > stop.effective_on
            and self.agrees(consent)
            for consent in self.asking
        )

    @cached_property
    def aliases_disagree(self) -> bool:
        """Participants found to be one person answered differently, and nobody has asked since."""
        merged_at = self.facts.merged_at
        if merged_at is None or any(form.recorded_at > merged_at for form in self.deciding):
            return False
        agreements = set()
        for participant_id in {consent.participant_id for consent in self.asking}:
            own = [c for c in self.asking if c.participant_id == participant_id]
            latest = max(consent.signed_on for consent in own)
            agreements.add(all(self.agrees(c) for c in own if c.signed_on == latest))
        return len(agreements) > 1

    @cached_property
    def expired(self) -> tuple[SignedConsent, ...]:
        """The deciding forms of which an answer no longer holds."""
        return tuple(
            consent
            for consent in self.deciding
            if any(
                item.valid_months is not None
                and self.on > _months_later(consent.signed_on, item.valid_months)
                for item in self.bearing(consent)
            )
        )


@dataclass(frozen=True)
class Rule:
    """A row of the table: when it holds, what it gives, and what people are told."""

    number: int
    name: str
    holds: Callable[[Case], bool]
    verdict: Verdict
    reason: Message


def _is_uncertain(case: Case) -> bool:
    return ParticipantStatus.TENTATIVE in case.facts.statuses or case.aliases_disagree


def _is_withdrawn(case: Case) -> bool:
    return bool(case.standing_stops)


def _has_no_record(case: Case) -> bool:
    return not case.facts.statuses or not case.signed


def _is_expired(case: Case) -> bool:
    return bool(case.expired)


def _is_not_agreed(case: Case) -> bool:
    return not case.asking or any(item.answer in _NO_AGREEMENT for item in case.answers)


def _lacks_express_agreement(case: Case) -> bool:
    return any(
        consent.regime is Regime.EXPRESS and not case.agrees(consent) for consent in case.deciding
    )


def _lacks_information(case: Case) -> bool:
    return any(
        consent.regime is Regime.NON_OPPOSITION and consent.information_given_on is None
        for consent in case.deciding
    )


def _lacks_genetics_terms(case: Case) -> bool:
    if case.use is not Use.GENETICS:
        return False
    own_item = any(item.uses == {Use.GENETICS} for item in case.answers)
    informed = all(consent.information_given_on is not None for consent in case.deciding)
    return not (own_item and informed)


def _is_agreed(case: Case) -> bool:
    return bool(case.deciding) and all(case.agrees(consent) for consent in case.deciding)


RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "identity_uncertain",
        _is_uncertain,
        Verdict.HOLD,
        T("It is not settled who this participant is, or whose answers count."),
    ),
    Rule(
        2,
        "withdrawn",
        _is_withdrawn,
        Verdict.DENY,
        T("The participant has withdrawn from this or opposed it."),
    ),
    Rule(
        3,
        "no_record",
        _has_no_record,
        Verdict.DENY,
        T("No consent is on record for that day. Record the consent first."),
    ),
    Rule(
        6,
        "expired",
        _is_expired,
        Verdict.DENY,
        T("The consent has expired. Ask the participant again."),
    ),
    Rule(
        8,
        "not_agreed",
        _is_not_agreed,
        Verdict.DENY,
        T("The participant refused this, was not asked, or did not answer clearly."),
    ),
    Rule(
        9,
        "no_express_agreement",
        _lacks_express_agreement,
        Verdict.DENY,
        T("This needs an express agreement, and there is none on the form."),
    ),
    Rule(
        10,
        "no_information",
        _lacks_information,
        Verdict.DENY,
        T("There is no proof that the participant was informed."),
    ),
    Rule(
        11,
        "genetics_terms",
        _lacks_genetics_terms,
        Verdict.DENY,
        T("Genetic examination needs an answer of its own and the proof of information."),
    ),
    Rule(
        13,
        "agreed",
        _is_agreed,
        Verdict.ALLOW,
        T("The participant agrees to this."),
    ),
)
