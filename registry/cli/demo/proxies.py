"""Two people for whom others sign: a girl of sixteen, and a man under a mandate that ends soon."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from registry.cli.demo import agenda as calendar, specimen, study
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.consents import Forms
from registry.cli.demo.people import Staff
from registry.cli.demo.protocol import OpenCohort
from registry.consents.signing.parties import Signatory
from registry.consents.templates import starter
from registry.identity import service as vault
from registry.identity.traits import Traits
from registry.kernel import ages, clock
from registry.participants import service as participants
from registry.vocab.consent import SignatoryRole
from registry.vocab.people import Sex

_SITE = "NORD"
_DAYS_BEFORE_END = 12
_MANDATE_ENDS = timedelta(days=40)
_MANDATE_YEARS = timedelta(days=5 * 365)
_ALONE = "L’autre parent vit à l’étranger et n’a pas pu être joint."


@dataclass(frozen=True)
class _Person:
    disease: study.Disease
    born: timedelta
    birth_name: str
    given_names: str
    sex: Sex
    form: str


_GIRL = _Person(
    study.LUPUS,
    timedelta(days=int(16.6 * 365.25)),
    "Tissandier",
    "Maëlle",
    Sex.FEMALE,
    starter.BIOBANK_MINOR,
)
_MAN = _Person(
    study.ARTHRITIS,
    timedelta(days=int(71.2 * 365.25)),
    "Escoffier",
    "Honoré",
    Sex.MALE,
    starter.BIOBANK_PROTECTED,
)


def expect(
    agenda: Agenda, staff: Staff, cohorts: Mapping[str, OpenCohort], forms: Forms, ends: date
) -> None:
    """Foresee that both are included in the last weeks, and who signs for them."""
    day = calendar.working_days_back(ends, _DAYS_BEFORE_END)
    parties = {
        _GIRL: (
            Signatory(SignatoryRole.PARENT, alone_reason=_ALONE),
            Signatory(SignatoryRole.SELF),
        ),
        _MAN: (
            Signatory(
                SignatoryRole.MANDATE,
                paper=specimen.scan("mandate"),
                authority_from=ends + _MANDATE_ENDS - _MANDATE_YEARS,
                authority_to=ends + _MANDATE_ENDS,
            ),
        ),
    }

    def include(person: _Person) -> None:
        nurse = staff.nurse_at(_SITE)
        participant_id = _enrol(person, staff, cohorts)
        consent = forms.record(nurse, participant_id, (person.form, 1), None, *parties[person])
        forms.scan(nurse, consent)

    agenda.add(calendar.at(day, 14, 10), lambda: include(_GIRL))
    agenda.add(calendar.at(day, 15, 20), lambda: include(_MAN))


def _enrol(person: _Person, staff: Staff, cohorts: Mapping[str, OpenCohort]) -> int:
    nurse, born = staff.nurse_at(_SITE), clock.today() - person.born
    enrolment = vault.enrol(
        nurse,
        traits=Traits(
            birth_name=person.birth_name,
            given_names=person.given_names,
            birth_date=born,
            sex=person.sex,
        ),
        hospital_identifier=None,
        site=_SITE,
    )
    return participants.enrol(
        nurse,
        person_uid=enrolment.person_uid,
        cohort_id=cohorts[person.disease.code].id,
        site_id=staff.site_ids[_SITE],
        birth_year=born.year,
        sex=person.sex,
        diagnosis_code=person.disease.forms[0][0],
        is_incomplete=bool(enrolment.missing),
        adult_from=ages.adult_from(born),
    ).id
