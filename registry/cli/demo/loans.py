"""Samples that people take for an analysis and bring back, or not yet."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.cli.demo.samples import Bench
from registry.custody import service as custody
from registry.vocab.custody import CheckoutReason
from registry.vocab.samples import SampleType

_USEFUL = (SampleType.SERUM, SampleType.PLASMA_DOUBLE_SPUN, SampleType.URINE_SPOT)
_EVERY = 21
_KEPT_FROM, _KEPT_TO = 2, 11


@dataclass(frozen=True)
class _Use:
    """What somebody takes samples for."""

    borrower: Login
    reason: CheckoutReason
    comment: str


_USES = (
    _Use(Login.INVESTIGATOR, CheckoutReason.ANALYSIS, "Dosage des interférons"),
    _Use(Login.TECHNICIAN, CheckoutReason.QUALITY_CONTROL, "Contrôle de qualité trimestriel"),
    _Use(Login.OTHER_INVESTIGATOR, CheckoutReason.ANALYSIS, "Auto-anticorps, puce multiplex"),
    _Use(Login.INVESTIGATOR, CheckoutReason.ANALYSIS, "Protéomique, série pilote"),
)

#: Loans that nobody has brought back: how many working days ago, and how many samples.
_STILL_OUT = ((88, 2), (47, 3), (6, 4), (3, 3), (1, 2))


class Loans:
    """Who takes what, and when it comes back."""

    def __init__(
        self, rng: random.Random, agenda: Agenda, staff: Staff, bench: Bench, ends: date
    ) -> None:
        self._rng = rng
        self._agenda = agenda
        self._staff = staff
        self._bench = bench
        self._ends = ends

    def expect(self, begins: date) -> None:
        """Foresee every loan."""
        back = _STILL_OUT[0][0]
        while (day := calendar.working_days_back(self._ends, back)) > begins:
            self._foresee(day, self._rng.randrange(2, 6), comes_back=True)
            back += _EVERY
        for back, count in ((20, 4), (31, 2), *_STILL_OUT):
            day = calendar.working_days_back(self._ends, back)
            self._foresee(day, count, comes_back=(back, count) not in _STILL_OUT)

    def _foresee(self, day: date, count: int, *, comes_back: bool) -> None:
        use = self._rng.choice(_USES)
        moment = calendar.at(day, 10, self._rng.randrange(60))
        self._agenda.add(moment, lambda: self._lend(use, day, count, comes_back=comes_back))

    def _lend(self, use: _Use, day: date, count: int, *, comes_back: bool) -> None:
        kind = self._rng.choice(_USEFUL)
        codes = [one.code for one in self._bench.in_store if one.sample_type is kind]
        chosen = self._rng.sample(codes, min(count, len(codes)))
        self._bench.in_store = [one for one in self._bench.in_store if one.code not in chosen]
        for code in chosen:
            custody.check_out(
                self._staff[Login.TECHNICIAN],
                code,
                to_user_id=self._staff.id_of(use.borrower),
                reason=use.reason,
                comment=use.comment,
            )
        if comes_back:
            back = day
            for _ in range(self._rng.randrange(_KEPT_FROM, _KEPT_TO)):
                back = calendar.working_day_after(back)
            self._agenda.add(calendar.at(back, 16, 30), lambda: self._take_back(chosen))

    def _take_back(self, codes: Sequence[str]) -> None:
        for code in codes:
            custody.return_(self._staff[Login.TECHNICIAN], code)
