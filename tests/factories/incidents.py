"""Quality incidents in a state."""

from typing import Any

from registry.custody import queries
from registry.custody.incidents import policies, queries as incidents, service
from registry.custody.incidents.models import Incident
from registry.samples.models import Sample
from registry.vocab.incidents import IncidentKind, IncidentState, Verdict
from tests.factories.accounts import People

ACCOUNT = "Two tubes of the same visit had changed labels"
REASON = "Compared with the list of the visit"


def report(actors: People, *tubes: Sample, **facts: Any) -> Incident:
    """An incident that the technician reports."""
    facts.setdefault("kind", IncidentKind.MISLABELLED)
    facts.setdefault("account", ACCOUNT)
    return service.report(actors.technician, [one.code for one in tubes], **facts)


def decide(
    actors: People, incident: Incident, *tubes: Sample, verdict: Verdict = Verdict.FIT
) -> service.Decided:
    """What the data manager decides of its tubes."""
    return service.decide(
        actors.data_manager,
        incident.id,
        [one.code for one in tubes],
        verdict=verdict,
        reason=REASON,
    )


def state(incident: Incident) -> IncidentState:
    """How far it has come."""
    return policies.state_of(incident, incidents.undecided([incident.id]).get(incident.id, 0))


def is_barred(actors: People, tube: Sample) -> bool:
    """Whether the tube is in quarantine."""
    return queries.sample_page(actors.technician, tube.code).barred is not None
