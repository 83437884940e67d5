"""Identities to hand to the vault; nobody's."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.identity import service
from registry.identity.enrolment import Enrolment
from registry.identity.erasure.service import erase
from registry.identity.erasure.tombstones import Tombstone
from registry.identity.traits import HospitalId, Traits
from registry.identity.weighing import Weights
from registry.identity.weights.service import as_row
from registry.kernel.actor import Actor
from registry.persistence import db, unit_of_work, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.erasure import ErasureGround
from registry.vocab.people import Sex, SiteKind
from tests.factories.accounts import People

SITE = "PAR"


def make_traits(**changes: Any) -> Traits:
    """One woman's traits, with what a test changes."""
    whole: dict[str, Any] = {
        "birth_name": "Lefèbvre-Durand",
        "given_names": "Amélie Rose",
        "birth_date": date(1962, 4, 17),
        "sex": Sex.FEMALE,
        "birth_place": "Saint-Étienne",
        "postal_code": "42000",
        "town": "Saint-Étienne",
    }
    return Traits(**{**whole, **changes})


def make_person(
    actor: Actor, *, number: str | None = "0042137", site: str = SITE, **changes: Any
) -> Enrolment:
    """Enrol the woman of `make_traits` with a hospital number, or without."""
    return service.enrol(
        actor,
        traits=make_traits(**changes),
        hospital_identifier=HospitalId(site, number) if number else None,
        site=site,
    )


def erase_person(
    actors: People,
    person_uid: str,
    *,
    actor: Actor | None = None,
    ground: ErasureGround = ErasureGround.CONSENT_WITHDRAWN,
    reason: str = "Written request of the person",
) -> Tombstone:
    """Have the data protection officer erase a person."""
    return erase(actor or actors.dpo, person_uid, ground=ground, reason=reason)


def make_partner(code: str) -> str:
    """Open the site of a partner, whose codes can then be recorded."""
    with db.engines["registry"].begin() as connection:
        connection.execute(
            sa.insert(Site).values(code=code, name=f"Partner {code}", kind=SiteKind.PARTNER)
        )
    return code


def adopt(weights: Weights) -> None:
    """Have these weights count from now on."""
    operator = Actor.system("tests")
    with unit_of_work():
        require(operator, Permission.IDENTITY_WEIGHTS)
        row = as_row(weights, population=0, pairs=0)
        vault_session.add(row)
        audit.record(operator, AuditTag.WEIGHTS_ESTIMATED, row)
