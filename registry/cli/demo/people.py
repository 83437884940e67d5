"""The sites, the people who work there, and how each of them signs in."""

from dataclasses import dataclass
from enum import StrEnum

from registry.accounts import queries, service
from registry.cli.demo import words
from registry.kernel.actor import Actor
from registry.vocab.people import Role, SiteKind

BIOBANK = "BIO"

#: Code, name and kind of each site.
_SITES = (
    ("NORD", "CHU Nord-Loire", SiteKind.HOSPITAL),
    ("SUD", "Centre hospitalier Sud-Cher", SiteKind.HOSPITAL),
    (BIOBANK, "Biobanque de l’institut", SiteKind.BIOBANK),
)


class Login(StrEnum):
    """The names with which people sign in."""

    NURSE = "nurse"
    OTHER_NURSE = "nurse2"
    TECHNICIAN = "technician"
    INVESTIGATOR = "investigator"
    OTHER_INVESTIGATOR = "investigator2"
    DATA_MANAGER = "datamanager"
    IDENTITY_OFFICER = "identity"
    DPO = "dpo"
    ADMIN = "admin"


@dataclass(frozen=True)
class _Job:
    login: Login
    name: str
    role: Role
    #: None: at every site.
    sites: tuple[str, ...] | None = None


#: None of their names is a participant's: whoever looks for those in a file finds none.
_JOBS = (
    _Job(Login.NURSE, "Nadège Kerbrat", Role.NURSE, ("NORD",)),
    _Job(Login.OTHER_NURSE, "Gwendal Okoumé", Role.NURSE, ("SUD",)),
    _Job(Login.TECHNICIAN, "Sidonie Fauvel", Role.TECHNICIAN, ("NORD", "SUD", BIOBANK)),
    _Job(Login.INVESTIGATOR, "Pr Blandine Vautrin", Role.INVESTIGATOR),
    _Job(Login.OTHER_INVESTIGATOR, "Dr Tarek Zerrouki", Role.INVESTIGATOR),
    _Job(Login.DATA_MANAGER, "Ludivine Andréani", Role.DATA_MANAGER),
    _Job(Login.IDENTITY_OFFICER, "Maïwenn Castaing", Role.IDENTITY_OFFICER),
    _Job(Login.DPO, "Anselme Delmas", Role.DPO),
    _Job(Login.ADMIN, "Ronan Queffélec", Role.ADMIN),
)


@dataclass(frozen=True)
class SignIn:
    """What somebody types to come in."""

    login: str
    password: str
    role: Role
    name: str


@dataclass(frozen=True)
class Staff:
    """Who acts in the story, and where."""

    actors: dict[Login, Actor]
    ids: dict[Login, int]
    site_ids: dict[str, int]

    def __getitem__(self, login: Login) -> Actor:
        return self.actors[login]

    def id_of(self, login: Login) -> int:
        """The number of somebody's account."""
        return self.ids[login]

    def nurse_at(self, site: str) -> Actor:
        """The nurse who works at the site."""
        jobs = {code: job.login for job in _JOBS for code in job.sites or () if _is_nurse(job)}
        return self.actors[jobs[site]]


def _is_nurse(job: _Job) -> bool:
    return job.role is Role.NURSE


def hire(actor: Actor) -> tuple[Staff, list[SignIn]]:
    """Open the sites and an account for each person; the passwords are known to nobody else."""
    for code, name, kind in _SITES:
        service.create_site(actor, code=code, name=name, kind=kind)
    site_ids = {site.code: site.id for site in queries.sites()}
    sign_ins, actors, ids = [], {}, {}
    for job in _JOBS:
        sign_in = SignIn(job.login, words.password(), job.role, job.name)
        account = service.create_user(
            actor,
            login=job.login,
            name=job.name,
            password=sign_in.password,
            must_change_password=False,
        )
        for site_id in [site_ids[code] for code in job.sites] if job.sites else [None]:
            service.grant(actor, account.id, role=job.role, site_id=site_id)
        ids[job.login] = account.id
        actors[job.login] = queries.actor_by_login(job.login)
        sign_ins.append(sign_in)
    return Staff(actors, ids, site_ids), sign_ins
