"""What the nurses do: include people, have forms signed, draw kits, record what is taken back."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from registry.cli.demo import consents
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.consents import Forms
from registry.cli.demo.people import Staff
from registry.cli.demo.plan import Inclusion, PlannedVisit, Story
from registry.cli.demo.protocol import OpenCohort
from registry.cli.demo.samples import Bench, Drawn
from registry.cli.demo.study import Tube
from registry.custody import service as custody
from registry.custody.service import TubeIn
from registry.identity import service as vault
from registry.identity.traits import HospitalId
from registry.kernel import ages, clock
from registry.participants import service as participants
from registry.vocab.consent import Answer, Use
from registry.vocab.identity import EnrolmentOutcome
from registry.vocab.people import MissingTubeReason, ParticipantStatus, Sex

_MISSING_SHARE = 0.025
_SHORT_SHARE = 0.35
_SIGNING = timedelta(minutes=15)
_DRAWING = timedelta(minutes=25)


class Ward:
    """The nurses of both hospitals and their participants."""

    def __init__(
        self,
        rng: random.Random,
        agenda: Agenda,
        staff: Staff,
        cohorts: dict[str, OpenCohort],
        forms: Forms,
        bench: Bench,
    ) -> None:
        self._rng = rng
        self._agenda = agenda
        self._staff = staff
        self._cohorts = cohorts
        self._forms = forms
        self._bench = bench
        #: The site and the id of those who were told that their samples may be reused.
        self.not_opposed: list[tuple[str, int]] = []
        #: Whoever was included, and the name under which the vault knows the person.
        self.included: list[tuple[Inclusion, str]] = []

    def expect(self, one: Inclusion) -> None:
        """Foresee the inclusion; what follows from it is foreseen when it takes place."""
        self._agenda.add(one.at, lambda: self._include(one))

    def _include(self, one: Inclusion) -> None:
        nurse, traits = self._staff.nurse_at(one.site), one.traits
        enrolment = vault.enrol(
            nurse,
            traits=traits,
            hospital_identifier=HospitalId(one.site, one.number) if one.number else None,
            site=one.site,
        )
        self.included.append((one, enrolment.person_uid))
        in_doubt = enrolment.outcome is EnrolmentOutcome.REVIEW
        participant_id = participants.enrol(
            nurse,
            person_uid=enrolment.person_uid,
            cohort_id=self._cohorts[one.cohort].id,
            site_id=self._staff.site_ids[one.site],
            birth_year=traits.birth_date.year if traits.birth_date else None,
            adult_from=ages.adult_from(traits.birth_date),
            sex=traits.sex or Sex.UNKNOWN,
            status=ParticipantStatus.TENTATIVE if in_doubt else ParticipantStatus.ENROLLED,
            is_incomplete=bool(enrolment.missing),
            diagnosis_code=one.diagnosis,
        ).id
        if one.story is Story.NOT_OPPOSED:
            self.not_opposed.append((one.site, participant_id))
        if one.story is not Story.UNSIGNED:
            self._later(one.at + _SIGNING, lambda: self._forms.sign(nurse, participant_id, one))
        for visit in one.visits:
            self._later(visit.at + _DRAWING, self._visit(participant_id, one, visit))
        if one.leaves_at is not None:
            self._later(one.leaves_at, lambda: consents.withdraw(nurse, participant_id, one.story))

    def _later(self, moment: datetime, act: Callable[[], None]) -> None:
        self._agenda.add(moment, act)

    def _visit(
        self, participant_id: int, one: Inclusion, visit: PlannedVisit
    ) -> Callable[[], None]:
        def take_place() -> None:
            nurse = self._staff.nurse_at(one.site)
            if self._forms.is_due_again(one):
                self._forms.sign(nurse, participant_id, one)
            plan_id = self._cohorts[one.cohort].visit_ids[visit.code]
            visit_id = participants.open_visit(
                nurse, participant_id, plan_id=plan_id, occurred_on=visit.at.date()
            ).id
            if one.story not in (Story.UNSIGNED, Story.NOT_OPPOSED):
                self._draw(participant_id, visit_id, one, visit)

        return take_place

    def _draw(
        self, participant_id: int, visit_id: int, one: Inclusion, visit: PlannedVisit
    ) -> None:
        """Register the tubes of the visit's kit, and which of them could not be drawn."""
        nurse = self._staff.nurse_at(one.site)
        kit = self._cohorts[one.cohort].kits[visit.code]
        collected_at = clock.now() - timedelta(minutes=self._rng.randrange(2, 9))
        missing = {
            tube_id: self._rng.choice(list(MissingTubeReason)[:4])
            for tube_id, _ in kit.tubes[1:]
            if self._rng.random() < _MISSING_SHARE
        }
        drawn = [
            (tube_id, tube, self._volume(tube))
            for tube_id, tube in kit.tubes
            if tube_id not in missing
        ]
        samples = custody.register_tubes(
            nurse,
            participant_id=participant_id,
            visit_id=visit_id,
            collected_at=collected_at,
            tubes=[
                TubeIn(
                    sample_type=tube.sample_type,
                    container_type=tube.container_type,
                    volume=volume,
                    unit=tube.unit,
                    kit_tube_id=tube_id,
                )
                for tube_id, tube, volume in drawn
            ],
        )
        participants.record_kit(
            nurse, visit_id, kit_id=kit.id, collected_at=collected_at, missing=missing
        )
        may_be_lent = one.story in (Story.SIGNED, Story.RENEWED) and (
            one.answers[Use.ACADEMIC_RESEARCH] is Answer.ACCEPTED
        )
        for sample, (tube_id, tube, volume) in zip(samples, drawn, strict=True):
            planned = kit.planned[tube_id]
            self._bench.expect(one.site, Drawn(sample.code, tube, planned, volume, may_be_lent))

    def _volume(self, tube: Tube) -> Decimal:
        """What was really drawn: most tubes are full, some are not."""
        if self._rng.random() > _SHORT_SHARE:
            return tube.volume
        least = sum(fraction.count * fraction.volume for fraction in tube.fractions)
        short = tube.volume * Decimal(self._rng.randrange(80, 100)) / 100
        return max(short, least + Decimal("0.1")).quantize(Decimal("0.1"))
