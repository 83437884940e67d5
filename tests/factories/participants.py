"""Cohorts with a small protocol, and participants in them."""

from decimal import Decimal
from secrets import token_hex
from typing import Any

import sqlalchemy as sa

from registry.kernel.actor import Actor
from registry.participants import protocol, service
from registry.participants.models import Cohort, Participant
from registry.participants.protocol import TubeSpec
from registry.persistence import registry_session
from registry.vocab.people import ParticipantStatus, Role, Sex
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People

OPERATOR = Actor.system("test")

BLOOD_KIT = (
    TubeSpec(SampleType.BLOOD, ContainerType.EDTA_K, Decimal("6")),
    TubeSpec(SampleType.SERUM, ContainerType.SERUM_CLOT, Decimal("5")),
    TubeSpec(SampleType.BLOOD, ContainerType.PAXGENE_RNA, Decimal("2.5")),
)


def make_cohort(code: str = "SLE") -> Cohort:
    """The cohort of that code, with visits M0, M6 and M12 and one kit drawn at each."""
    known = registry_session.scalar(sa.select(Cohort).where(Cohort.code == code))
    if known is not None:
        return known
    cohort = protocol.open_cohort(OPERATOR, code=code, name=f"Cohort {code}")
    plans = [
        protocol.plan_visit(
            OPERATOR,
            cohort.id,
            code=f"M{month}",
            name=f"Month {month}",
            day_offset=30 * month,
            days_before=14 if month else 0,
            days_after=14,
        ).id
        for month in (0, 6, 12)
    ]
    protocol.define_kit(
        OPERATOR,
        cohort.id,
        code="BLOOD",
        name="Blood kit",
        tubes=BLOOD_KIT,
        visit_plan_ids=plans,
    )
    return cohort


def make_participant(
    actors: People,
    *,
    status: ParticipantStatus = ParticipantStatus.ENROLLED,
    cohort: Cohort | None = None,
    by: Actor | None = None,
    **facts: Any,
) -> Participant:
    """A participant enrolled by a nurse (the Paris one, unless told otherwise) at her site."""
    nurse = by or actors.nurse
    facts.setdefault("person_uid", token_hex(16))
    facts.setdefault("site_id", min(nurse.sites(Role.NURSE).ids))
    facts.setdefault("birth_year", 1980)
    facts.setdefault("sex", Sex.FEMALE)
    return service.enrol(nurse, cohort_id=(cohort or make_cohort()).id, status=status, **facts)
