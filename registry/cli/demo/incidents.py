"""What went wrong with some tubes: one incident is closed, another waits for a decision."""

from collections.abc import Sequence
from datetime import date

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.cli.demo.samples import Bench
from registry.custody.incidents import service
from registry.vocab.incidents import IncidentKind, Verdict

_CLOSED_AGO = 15
_TUBES = 3


class Incidents:
    """Who notices, who decides."""

    def __init__(self, agenda: Agenda, staff: Staff, bench: Bench, ends: date) -> None:
        self._agenda = agenda
        self._staff = staff
        self._bench = bench
        self._ends = ends
        self._closed = ""

    def expect(self) -> None:
        """Foresee both."""
        day = calendar.working_days_back(self._ends, _CLOSED_AGO)
        self._agenda.add(calendar.at(day, 11, 5), self._door_left_open)
        self._agenda.add(calendar.at(self._ends, 9, 40), self._labels_mixed_up)

    def _tubes(self) -> Sequence[str]:
        """Some tubes that are in store, which nobody lends from now on."""
        taken = [self._bench.in_store.pop() for _ in range(_TUBES)]
        return [one.code for one in taken]

    def _door_left_open(self) -> None:
        codes = self._tubes()
        incident = service.report(
            self._staff[Login.TECHNICIAN],
            codes,
            kind=IncidentKind.TEMPERATURE,
            account="Porte du congélateur restée entrouverte une heure, -52 °C au plus chaud.",
        )
        manager = self._staff[Login.DATA_MANAGER]
        for verdict, decided, why in (
            (Verdict.FIT, codes[:-1], "Restés congelés, loin de la porte."),
            (Verdict.LIMITED, codes[-1:], "Givre sur le bouchon : pas de dosage de cytokines."),
        ):
            service.decide(manager, incident.id, decided, verdict=verdict, reason=why)
        service.close(
            manager,
            incident.id,
            root_cause="Le joint de la porte était gelé.",
            corrective_action="Dégivrage du joint chaque trimestre, alarme de porte à une minute.",
        )

    def _labels_mixed_up(self) -> None:
        service.report(
            self._staff[Login.TECHNICIAN],
            self._tubes(),
            kind=IncidentKind.MISLABELLED,
            account="Deux planches d’étiquettes interverties au même poste, à comparer.",
        )
