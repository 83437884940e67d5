"""How a cohort's consents stand, question by question, over the months."""

from collections.abc import Sequence

from flask import Blueprint, render_template

from registry.access import Permission
from registry.consents.status import queries
from registry.consents.status.queries import History
from registry.participants import queries as participants
from registry.vocab.consent import ItemState, Language
from registry.web import language
from registry.web.forms.consent_status import CohortForm
from registry.web.guards import current_actor, requires

bp = Blueprint("consent_status", __name__, url_prefix="/consent-status")


def _histories(cohort_id: int) -> Sequence[History]:
    spoken = Language(language.current())
    return queries.over_time(current_actor(), cohort_id, language=spoken)


@bp.get("")
@requires(Permission.CONSENT_READ)
def show() -> str:
    """One cohort: the first one unless another was chosen."""
    cohorts = participants.cohorts()
    form = CohortForm(cohorts)
    chosen = next((one for one in cohorts if one.id == form.cleaned.get("cohort")), None)
    cohort = chosen or (cohorts[0] if cohorts else None)
    if cohort is not None:
        form.cohort.data = str(cohort.id)
    return render_template(
        "consent_status/show.html",
        form=form,
        cohort=cohort,
        histories=_histories(cohort.id) if cohort else (),
        states=list(ItemState),
    )
