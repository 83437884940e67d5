"""Two hospital sites, a biobank, and one person per role."""

from dataclasses import dataclass
from functools import cache

import argon2
import sqlalchemy as sa

from registry.accounts.badges import service as badges
from registry.accounts.badges.models import Badge
from registry.accounts.models import RoleGrant, Site, User
from registry.kernel import clock
from registry.kernel.actor import Actor, Grant
from registry.persistence import db
from registry.vocab.people import Role, SiteKind

PASSWORD = "correct horse battery staple"
BADGE, PIN = "CHU-0047114", "4931"


@cache
def password_hash() -> str:
    """Insecure but fast: for tests only."""
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Sites:
    """The ids of the sites of every test."""

    paris: int
    lyon: int
    biobank: int


@dataclass(frozen=True)
class People:
    """One actor per role; the nurses at one site each, the technician at both hospitals."""

    nurse: Actor
    other_site_nurse: Actor
    technician: Actor
    other_site_technician: Actor
    investigator: Actor
    other_investigator: Actor
    data_manager: Actor
    identity_officer: Actor
    dpo: Actor
    admin: Actor


def make_sites() -> Sites:
    """Insert the sites, outside any service: they are there before anybody is."""
    rows = [
        {"code": "PAR", "name": "Hôpital de Paris", "kind": SiteKind.HOSPITAL},
        {"code": "LYO", "name": "Hôpital de Lyon", "kind": SiteKind.HOSPITAL},
        {"code": "BIO", "name": "Biobanque", "kind": SiteKind.BIOBANK},
    ]
    with db.engines["registry"].begin() as connection:
        ids = [
            connection.execute(sa.insert(Site).values(**row).returning(Site.id)).scalar_one()
            for row in rows
        ]
    return Sites(*ids)


def make_people(sites: Sites) -> People:
    """Insert one account per role and give back its actor."""
    hospitals = [sites.paris, sites.lyon, sites.biobank]
    return People(
        nurse=_person("nurse", Role.NURSE, [sites.paris]),
        other_site_nurse=_person("nurse.lyon", Role.NURSE, [sites.lyon]),
        technician=_person("technician", Role.TECHNICIAN, hospitals),
        other_site_technician=_person("technician.lyon", Role.TECHNICIAN, [sites.lyon]),
        investigator=_person("investigator", Role.INVESTIGATOR, [None]),
        other_investigator=_person("investigator.2", Role.INVESTIGATOR, [None]),
        data_manager=_person("data.manager", Role.DATA_MANAGER, [None]),
        identity_officer=_person("identity.officer", Role.IDENTITY_OFFICER, [None]),
        dpo=_person("dpo", Role.DPO, [None]),
        admin=_person("admin", Role.ADMIN, [None]),
    )


def make_colleague(technician: Actor) -> Actor:
    """Insert another technician of the same sites."""
    return _person(f"{technician.login}.2", Role.TECHNICIAN, sorted(technician.sites().ids))


def make_other_manager() -> Actor:
    """Insert another data manager."""
    return _person("data.manager.2", Role.DATA_MANAGER, [None])


def make_badge(actor: Actor, *, code: str = BADGE, pin: str = PIN) -> Badge:
    """The person's own badge, with a PIN."""
    return badges.enrol(actor, badge=code, pin=pin)


def _person(login: str, role: Role, site_ids: list[int] | list[None]) -> Actor:
    with db.engines["registry"].begin() as connection:
        user_id = connection.execute(
            sa.insert(User)
            .values(
                login=login,
                name=login.title(),
                password_hash=password_hash(),
                must_change_password=False,
                active=True,
                created_at=clock.now(),
                shortcuts=True,
                version=1,
            )
            .returning(User.id)
        ).scalar_one()
        for site_id in site_ids:
            connection.execute(
                sa.insert(RoleGrant).values(
                    user_id=user_id, role=role, site_id=site_id, granted_at=clock.now()
                )
            )
    grants = frozenset(Grant(role.value, site_id) for site_id in site_ids)
    return Actor(id=user_id, login=login, name=login.title(), grants=grants)
