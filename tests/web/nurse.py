"""What a nurse types, and what the registry holds afterwards."""

from datetime import date
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import Answer
from tests.factories.accounts import Sites
from tests.factories.participants import make_cohort
from tests.web.pages import Browser, hidden_values


def french(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def inclusion(sites: Sites, **changes: Any) -> dict[str, str]:
    """The inclusion page, filled in for one woman."""
    typed = {
        "birth_name": "Lefebvre Durand",
        "given_names": "Amelie Rose",
        "used_name": "",
        "birth_date": "17/04/1962",
        "sex": "female",
        "birth_place": "Saint-Etienne",
        "hospital_identifier": "0042137",
        "site_id": sites.paris,
        "cohort_id": make_cohort().id,
        "included_on": french(clock.today()),
        **changes,
    }
    return {name: str(value) for name, value in typed.items()}


def include(nurse: Browser, sites: Sites, answer: str = "later", **changes: Any) -> TestResponse:
    """Include one woman through the page; whoever resembles her is answered about with `answer`."""
    page, typed = "/participants/new", inclusion(sites, **changes)
    asked = nurse.send(page, **typed)
    if asked.status_code != HTTPStatus.OK:
        return asked
    hidden = hidden_values(asked.text, page)
    return nurse.send(page, hidden=hidden, **{f"alike-{hidden['alike']}": answer}, **typed)


def consent(template: ConsentTemplate, **changes: Any) -> dict[str, str]:
    """The consent page, filled in: everything accepted today, unless changed by item."""
    today = french(clock.today())
    answers = {
        f"answers-{item.code}": changes.pop(item.code, Answer.ACCEPTED.value)
        for item in template.items
    }
    typed = {
        "signed_on": today,
        "information_given_on": today,
        "channel": "paper",
        "language": "fr",
        **answers,
        **changes,
    }
    return {name: value for name, value in typed.items() if value is not None}


def count(model: Any) -> int:
    """How many rows there are now, in either database."""
    from registry.persistence import VaultModel, vault_session

    session = vault_session if issubclass(model, VaultModel) else registry_session
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def only_participant() -> Participant:
    """The one participant there is."""
    registry_session.rollback()
    registry_session.expire_all()
    return registry_session.scalars(sa.select(Participant)).one()
