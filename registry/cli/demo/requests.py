"""Requests for extracts, one or more in every state, and the counts asked before them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.applications import service
from registry.applications.criteria import Criteria
from registry.applications.service import Content
from registry.cli.demo import agenda as calendar, study
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.extracts import catalogue, service as extracts
from registry.extracts.catalogue import Question
from registry.vocab.applications import Purpose, State, Variable
from registry.vocab.research import RecipientKind
from registry.vocab.samples import SampleType

_INSTITUTE = "Institut de recherche – équipe Auto-immunité"
_UNIVERSITY = "Université – unité d’immunologie clinique"
_COMPANY = "Ardanne Biosciences SAS"
_OVERSEAS = "Harrow Institute, Toronto"

#: What kind of organisation each recipient is, and where.
_RECIPIENTS = {
    _INSTITUTE: (RecipientKind.INSTITUTE, "FR"),
    _UNIVERSITY: (RecipientKind.PUBLIC, "FR"),
    _COMPANY: (RecipientKind.COMPANY, "FR"),
    _OVERSEAS: (RecipientKind.NON_PROFIT, "CA"),
}

_USUAL = (Variable.SEX, Variable.SAMPLE_TYPE, Variable.CONTAINER, Variable.COLLECTION_YEAR)
_FLUIDS = (SampleType.SERUM, SampleType.PLASMA_DOUBLE_SPUN)


@dataclass(frozen=True)
class _Request:
    """A request, by whom and since when, and how far it has come."""

    by: Login
    #: Working days before the end of the story on which it was written.
    back: int
    reaches: State
    content: Content
    reason: str | None = None


def _content(
    title: str,
    purpose: Purpose,
    justification: str,
    recipient: str,
    criteria: Criteria,
    variables: tuple[Variable, ...] = _USUAL,
) -> Content:
    kind, country = _RECIPIENTS[recipient]
    return Content(
        title,
        purpose,
        justification,
        recipient,
        variables,
        criteria,
        recipient_kind=kind,
        country=country,
    )


_REQUESTS = (
    _Request(
        Login.INVESTIGATOR,
        60,
        State.DELIVERED,
        _content(
            "Interférons de type I dans trois maladies auto-immunes",
            Purpose.ACADEMIC,
            "Comparer la signature interféron du sérum et du plasma entre lupus, polyarthrite et "
            "sclérodermie, pour choisir la taille d’une étude prospective.",
            _INSTITUTE,
            Criteria(sample_types=_FLUIDS),
            (*_USUAL, Variable.AGE_BAND),
        ),
    ),
    _Request(
        Login.OTHER_INVESTIGATOR,
        92,
        State.REFUSED,
        _content(
            "Biomarqueurs sériques pour un test de diagnostic rapide",
            Purpose.COMMERCIAL,
            "Mettre au point, avec un industriel, un test de diagnostic rapide de la polyarthrite "
            "rhumatoïde débutante à partir du sérum.",
            _COMPANY,
            Criteria(cohorts=(study.ARTHRITIS.code,), sample_types=(SampleType.SERUM,)),
        ),
        reason="La convention avec ce partenaire n’est pas signée : déposez la demande de nouveau "
        "quand elle le sera.",
    ),
    _Request(
        Login.INVESTIGATOR,
        54,
        State.WITHDRAWN,
        _content(
            "Perte de masse osseuse sous corticoïdes",
            Purpose.ACADEMIC,
            "Décrire les marqueurs du remodelage osseux chez les personnes traitées au long cours.",
            _INSTITUTE,
            Criteria(sample_types=(SampleType.SERUM,), min_volume=Decimal("0.5")),
        ),
        reason="Les dosages sont déjà faits par une autre équipe.",
    ),
    _Request(
        Login.OTHER_INVESTIGATOR,
        33,
        State.PRODUCED,
        _content(
            "Auto-anticorps et atteinte articulaire : polyarthrite et lupus",
            Purpose.ACADEMIC,
            "Mesurer sur puce multiplex les auto-anticorps du sérum dans les deux maladies et "
            "rechercher des profils communs.",
            _UNIVERSITY,
            Criteria(
                cohorts=(study.LUPUS.code, study.ARTHRITIS.code), sample_types=(SampleType.SERUM,)
            ),
            (Variable.COHORT, *_USUAL),
        ),
    ),
    _Request(
        Login.INVESTIGATOR,
        19,
        State.APPROVED,
        _content(
            "Variants du complément dans le lupus",
            Purpose.GENETIC,
            "Séquencer les gènes de la voie classique du complément à partir des couches "
            "leucocytaires, pour relier génotype et activité de la maladie.",
            _INSTITUTE,
            Criteria(cohorts=(study.LUPUS.code,), sample_types=(SampleType.BUFFY_COAT_NONVIABLE,)),
        ),
        reason="Approuvée pour le complément seulement ; toute autre région demande un avenant.",
    ),
    _Request(
        Login.OTHER_INVESTIGATOR,
        6,
        State.SUBMITTED,
        _content(
            "Cellules mononucléées et fibrose cutanée",
            Purpose.ACADEMIC,
            "Étudier les lymphocytes circulants dans les formes limitées et diffuses de la "
            "sclérodermie systémique.",
            _UNIVERSITY,
            Criteria(cohorts=(study.SCLERODERMA.code,), sample_types=(SampleType.PBMC_VIABLE,)),
        ),
    ),
    _Request(
        Login.INVESTIGATOR,
        2,
        State.SUBMITTED,
        _content(
            "Validation externe d’un score d’activité du lupus",
            Purpose.ACADEMIC,
            "Confronter un score biologique établi au Canada à des sérums français.",
            _OVERSEAS,
            Criteria(cohorts=(study.LUPUS.code,), sample_types=_FLUIDS),
        ),
    ),
    _Request(
        Login.INVESTIGATOR,
        1,
        State.DRAFT,
        _content(
            "Protéome urinaire et néphropathie lupique",
            Purpose.ACADEMIC,
            "Rechercher dans l’urine des protéines qui annoncent la poussée rénale.",
            _INSTITUTE,
            Criteria(cohorts=(study.LUPUS.code,), sample_types=(SampleType.URINE_SPOT,)),
        ),
    ),
    _Request(
        Login.OTHER_INVESTIGATOR,
        1,
        State.DRAFT,
        _content(
            "Délai de congélation et dégradation des cytokines",
            Purpose.ACADEMIC,
            "Estimer l’effet du délai entre prélèvement et congélation sur les dosages.",
            _UNIVERSITY,
            Criteria(sample_types=_FLUIDS),
            (*_USUAL, Variable.HOURS_TO_FREEZING),
        ),
    ),
)

#: The states that a request has gone through before it stands where it does.
_WAY: dict[State, tuple[State, ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (State.SUBMITTED,),
    State.APPROVED: (State.SUBMITTED, State.APPROVED),
    State.REFUSED: (State.SUBMITTED, State.REFUSED),
    State.PRODUCED: (State.SUBMITTED, State.APPROVED, State.PRODUCED),
    State.DELIVERED: (State.SUBMITTED, State.APPROVED, State.PRODUCED, State.DELIVERED),
    State.WITHDRAWN: (State.SUBMITTED, State.WITHDRAWN),
}


class Requests:
    """The investigators and the data manager who decides."""

    def __init__(self, agenda: Agenda, staff: Staff, ends: date) -> None:
        self._agenda = agenda
        self._staff = staff
        self._ends = ends

    def expect(self) -> None:
        """Foresee every request."""
        for request in _REQUESTS:
            day = calendar.working_days_back(self._ends, request.back)
            self._agenda.add(calendar.at(day, 9, 30), self._writing(request, day))

    def _writing(self, request: _Request, day: date) -> Callable[[], None]:
        requester = self._staff[request.by]

        def write() -> None:
            content = request.content
            catalogue.count(
                requester,
                Question(
                    content.purpose, content.criteria, content.recipient_kind, content.country
                ),
            )
            number = service.write(requester, content).number
            step = calendar.at(day, 11, 15)
            for state in _WAY[request.reaches]:
                self._agenda.add(step, self._step(request, number, state))
                step = calendar.at(calendar.working_day_after(step.date()), 14, 45)

        return write

    def _step(self, request: _Request, number: str, state: State) -> Callable[[], None]:
        requester, manager = self._staff[request.by], self._staff[Login.DATA_MANAGER]
        reason = request.reason
        steps: dict[State, Callable[[], object]] = {
            State.SUBMITTED: lambda: service.submit(requester, number, accepts=True),
            State.APPROVED: lambda: service.approve(manager, number, reason=reason),
            State.REFUSED: lambda: service.refuse(manager, number, reason=reason or ""),
            State.PRODUCED: lambda: extracts.produce(manager, number),
            State.DELIVERED: lambda: extracts.take(requester, number),
            State.WITHDRAWN: lambda: service.withdraw(requester, number, reason=reason),
        }
        return lambda: _done(steps[state])


def _done(step: Callable[[], object]) -> None:
    step()
