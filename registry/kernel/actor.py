"""Who acts: the person, or the command line, on whose behalf the registry does a thing."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grant:
    """A role held at one site, or at every site when ``site_id`` is None."""

    role: str
    site_id: int | None = None


@dataclass(frozen=True)
class SiteScope:
    """The sites that something may be read at or done at."""

    everywhere: bool = False
    ids: frozenset[int] = frozenset()

    def __contains__(self, site_id: object) -> bool:
        return self.everywhere or site_id in self.ids


@dataclass(frozen=True)
class Actor:
    """A person with the roles held at this moment, or the operator of the command line.

    ``id`` is the account's id; None for the command line, whose acts are
    recorded under its ``login`` and whom the operating system has let in.
    """

    id: int | None
    login: str
    name: str
    grants: frozenset[Grant] = field(default=frozenset())
    is_operator: bool = False
    #: The audit reference of the participant who acts from home, about whom alone it may be.
    participant: str | None = None

    @classmethod
    def system(cls, job: str) -> "Actor":
        """The command line doing `job`: allowed everything, recorded as ``system:job``."""
        return cls(id=None, login=f"system:{job}", name=f"system:{job}", is_operator=True)

    @classmethod
    def at_home(cls, link_id: int, participant: str) -> "Actor":
        """A participant at home, known by a link and its code: holds no role at all."""
        return cls(
            id=None, login=f"link:{link_id}", name=f"link:{link_id}", participant=participant
        )

    @property
    def roles(self) -> frozenset[str]:
        """Every role held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def sites(self, *roles: str) -> SiteScope:
        """Where the actor holds one of `roles` (any role when none is named)."""
        if self.is_operator:
            return SiteScope(everywhere=True)
        held = [grant for grant in self.grants if not roles or grant.role in roles]
        return SiteScope(
            everywhere=any(grant.site_id is None for grant in held),
            ids=frozenset(grant.site_id for grant in held if grant.site_id is not None),
        )

    def holds(self, role: str, site_id: int | None = None) -> bool:
        """Whether the actor holds `role` at the site (anywhere when no site is named)."""
        scope = self.sites(role)
        if site_id is None:
            return scope.everywhere or bool(scope.ids)
        return site_id in scope
