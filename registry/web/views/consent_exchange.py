"""A participant's consents as a file for another system."""

from flask import Blueprint, Response

from registry.access import Permission
from registry.consents.exchange import queries
from registry.participants import queries as participants
from registry.web.guards import current_actor, requires

bp = Blueprint("consent_exchange", __name__, url_prefix="/participants")

#: https://hl7.org/fhir/R4/http.html#mime-type
FHIR = "application/fhir+json"


@bp.get("/<code>/consents.json")
@requires(Permission.CONSENT_READ)
def download(code: str) -> Response:
    """One FHIR R4 Bundle with everything that was signed and taken back."""
    actor = current_actor()
    participant = participants.get(actor, code)
    answer = Response(queries.of_participant(actor, participant.code), mimetype=FHIR)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="consents-{participant.code}.json"'.lower()
    )
    return answer
