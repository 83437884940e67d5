"""Doubtful duplicates that a nurse looks at: two are decided, the others wait."""

from datetime import date

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.identity import service as vault
from registry.vocab.identity import ReviewOutcome

_BACK = 12
_REASON = "Doublon possible : comparaison avec le dossier papier"


class Reviews:
    """The nurse's look at the list, once."""

    def __init__(self, agenda: Agenda, staff: Staff, ends: date) -> None:
        self._agenda = agenda
        self._nurse = staff[Login.NURSE]
        self._ends = ends

    def expect(self) -> None:
        """Foresee the look."""
        day = calendar.working_days_back(self._ends, _BACK)
        self._agenda.add(calendar.at(day, 15, 10), self._decide_some)

    def _decide_some(self) -> None:
        """Decide the likeliest pair and put the next one off; the others stay as they are."""
        waiting = vault.open_reviews(self._nurse)
        for review, outcome in zip(
            waiting[: len(waiting) // 2], (ReviewOutcome.SAME, ReviewOutcome.LATER), strict=False
        ):
            vault.compare(self._nurse, review.id, reason=_REASON)
            vault.decide_review(self._nurse, review.id, outcome)
