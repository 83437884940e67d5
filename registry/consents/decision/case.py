"""One question with the facts that bear on it: which forms and which answers decide."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from registry.consents.decision import authority, duo
from registry.consents.decision.facts import Facts, SignedConsent, Stop
from registry.consents.decision.forms import ItemAnswer
from registry.consents.decision.question import Question, Reading
from registry.consents.signing.policies import proof_due_on
from registry.kernel.days import months_later
from registry.vocab.consent import CheckOutcome, Regime, Use
from registry.vocab.research import DuoTerm


def proof_due(consent: SignedConsent) -> date | None:
    """The last day on which the form stands without its scan; None if it needs none any more."""
    if consent.proof is not None or consent.proof_within_days is None:
        return None
    return proof_due_on(consent.recorded_at, consent.proof_within_days)


def _latest(consents: Sequence[SignedConsent]) -> tuple[SignedConsent, ...]:
    """Those of the last day on which any was signed."""
    last = max((consent.signed_on for consent in consents), default=None)
    return tuple(consent for consent in consents if consent.signed_on == last)


class Case:
    """One question, with the facts that bear on it."""

    def __init__(self, facts: Facts, question: Question, on: date) -> None:
        self.facts = facts
        self.question = question
        self.on = on
        #: The forms signed by that day; of these, those that ask; of these, the latest.
        self.signed = tuple(one for one in facts.consents if one.signed_on <= on)
        self.asking = self._asking()
        self.deciding = self._deciding()

    @property
    def use(self) -> Use:
        """The use that is asked about."""
        return self.question.use

    def _asking(self) -> tuple[SignedConsent, ...]:
        """Of the forms signed by that day, those that ask about the use.

        Where some ask about this very kind of research, those that ask about
        another one alone say nothing, unless it is by the same question.
        """
        about = {code for consent in self.signed for code in self.says(consent).about}
        return tuple(
            consent
            for consent in self.signed
            if (codes := self.says(consent).codes) and (not about or not about.isdisjoint(codes))
        )

    def _deciding(self) -> tuple[SignedConsent, ...]:
        """The latest of the forms that ask, and a refusal that these do not answer.

        Two of the same day decide together: their order is not known, and so
        a refusal in either counts.  Who refused in so many words has not agreed
        by being silent since: with later notices, the last express form counts.
        """
        latest = _latest(self.asking)
        if any(consent.regime is Regime.EXPRESS for consent in latest):
            return latest
        express = _latest([one for one in self.asking if one.regime is Regime.EXPRESS])
        return (*(one for one in express if self.says(one).refuses), *latest)

    def says(self, consent: SignedConsent) -> Reading:
        """What the form says on the question."""
        return self.question.reading(consent.items)

    @cached_property
    def answers(self) -> tuple[ItemAnswer, ...]:
        """Every answer that decides."""
        return tuple(item for consent in self.deciding for item in self.says(consent).bearing)

    @cached_property
    def weighed(self) -> tuple[duo.Outcome, ...]:
        """What the conditions come to of each item that holds what is asked."""
        return tuple(outcome for consent in self.deciding for outcome in self._weighed(consent))

    def _weighed(self, consent: SignedConsent) -> tuple[duo.Outcome, ...]:
        says = self.says(consent)
        if says.outcomes is not None:
            return says.outcomes
        return self.question.weigh(says.weighed, self.on, consent.signed_on)

    def is_sound(self, consent: SignedConsent) -> bool:
        """Whether the record of the form is in order, and who signed it could."""
        due = proof_due(consent)
        return (
            consent.outcome is not CheckOutcome.FAILED
            and (due is None or self.on <= due)
            and authority.flaw(consent, self.facts.adult_from) is None
        )

    @property
    def standing_stops(self) -> tuple[Stop, ...]:
        """The withdrawals in scope and in effect that no later agreement has lifted."""
        return tuple(
            stop
            for stop in self.facts.stops
            if stop.effective_on <= self.on
            and self._concerns_stop(stop)
            and not self._is_lifted(stop)
        )

    def _concerns_stop(self, stop: Stop) -> bool:
        """Whether a withdrawal names the use, a question on it, or the project."""
        if self.use in stop.uses or self._project in stop.projects:
            return True
        return bool(stop.items) and any(
            item.code in stop.items
            for consent in self.asking
            for item in self.says(consent).bearing
        )

    @property
    def _project(self) -> str | None:
        """The number of the project."""
        project = self.question.project
        return None if project is None else project.project

    def _is_lifted(self, stop: Stop) -> bool:
        """Only an explicit agreement signed on a later day lifts a withdrawal.

        One about a project is lifted by an agreement that names the project.
        """
        return any(
            consent.regime is Regime.EXPRESS
            and consent.signed_on > stop.effective_on
            and self.says(consent).agrees
            and self.is_sound(consent)
            and (not stop.projects or self._names_project(consent))
            for consent in self.asking
        )

    def _names_project(self, consent: SignedConsent) -> bool:
        return any(
            name is DuoTerm.PS and value == self._project
            for item in self.says(consent).weighed
            for name, value in item.terms
        )

    @property
    def aliases_disagree(self) -> bool:
        """Participants found to be one person answered differently, and nobody has asked since."""
        merged_at = self.facts.merged_at
        if merged_at is None or any(form.recorded_at > merged_at for form in self.deciding):
            return False
        agreements = set()
        for participant_id in {consent.participant_id for consent in self.asking}:
            own = [c for c in self.asking if c.participant_id == participant_id]
            latest = max(consent.signed_on for consent in own)
            agreements.add(all(self.says(c).agrees for c in own if c.signed_on == latest))
        return len(agreements) > 1

    def ends(self, consent: SignedConsent) -> date | None:
        """The last day on which every answer of the form that bears on the use holds."""
        months = self.says(consent).months
        return None if months is None else months_later(consent.signed_on, months)

    def informed(self, consent: SignedConsent) -> str | None:
        """The proof that the participant was informed of the form, or of a newer version of it."""
        if consent.information_given_on is not None:
            return consent.ref
        return next(
            (
                one.ref
                for one in self.facts.informed
                if one.code == consent.code
                and one.number >= consent.number
                and one.informed_on <= self.on
            ),
            None,
        )
