"""A probe in the nitrogen tank: one night it was too warm, and most tubes wait for a decision."""

from datetime import date, datetime, timedelta

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import BIOBANK, Login, Staff
from registry.custody.exposures import queries, service
from registry.kernel import clock
from registry.storage.temperatures import service as probes
from registry.vocab.storage import ExposureDecision

_STEP = timedelta(minutes=15)
#: From the evening to the morning; the tank was filled up again before people came.
_NIGHT = (*[-172.5] * 14, -160.0, -148.5, -133.0, -128.5, -131.0, -146.0, -165.5, *[-174.0] * 19)
_KEPT = 5


class Temperatures:
    """Who reads the probe, and who decides."""

    def __init__(self, agenda: Agenda, staff: Staff, ends: date) -> None:
        self._agenda = agenda
        self._staff = staff
        self._ends = ends

    def expect(self) -> None:
        """Foresee the night, and the morning after."""
        self._agenda.add(calendar.at(self._ends, 9, 20), self._read)

    def _read(self) -> None:
        technician, manager = self._staff[Login.TECHNICIAN], self._staff[Login.DATA_MANAGER]
        probe = probes.set_up(
            technician,
            unit=f"{BIOBANK}-CUVE1",
            code=f"{BIOBANK}-SONDE1",
            name="Sonde de la cuve d’azote n° 1",
            serial="TL-20417",
        )
        evening = calendar.at(self._ends - timedelta(days=1), 21)
        service.record(technician, probe.id, _file(evening))
        for excursion in queries.waiting(manager):
            exposed, _following = queries.exposures(manager, excursion)
            codes = list(dict.fromkeys(one.sample.code for one in exposed))[:_KEPT]
            service.decide(
                manager,
                excursion.id,
                codes,
                decision=ExposureDecision.KEPT,
                remark="En haut de la cuve, restés dans la vapeur froide : viabilité à contrôler.",
            )


def _file(start: datetime) -> bytes:
    # Days such as 03/04/2026 could be two; with dots, the day comes first.
    lines = [
        f"{clock.to_paris(start + nth * _STEP):%d.%m.%Y %H:%M};{one}"
        for nth, one in enumerate(_NIGHT)
    ]
    return "\n".join(["Date;°C", *lines, ""]).encode()
