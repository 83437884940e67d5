"""Administering accounts."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.accounts import queries, service, sessions, signing_in
from registry.accounts.models import RoleGrant, SignInSession, User
from registry.kernel.actor import Actor, Grant
from registry.kernel.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleBroken,
    Unauthenticated,
)
from registry.persistence import db, registry_session
from registry.vocab.people import Role, SiteKind
from tests.factories.accounts import PASSWORD, People, Sites

NEW = "vache lilas tunnel bleu"
Tags = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def _context(app: Flask) -> None:
    """Services run inside the application."""


def user(login: str = "nurse") -> User:
    return registry_session.scalars(
        sa.select(User).where(User.login == login).execution_options(populate_existing=True)
    ).one()


def session_count() -> int:
    return registry_session.scalar(sa.select(sa.func.count()).select_from(SignInSession)) or 0


class TestOpening:
    def test_an_account_opens_without_any_role(self, actors: People, audit_tags: Tags):
        opened = service.create_user(actors.admin, login="Paul.T", name="Paul T", password=NEW)

        actor = signing_in.sign_in(login="paul.t", password=NEW, address="192.0.2.1")
        assert actor.id == opened.id
        assert actor.grants == frozenset()
        assert queries.preferences(actor).must_change_password
        assert audit_tags() == ["account:created", "sign_in:accepted"]

    def test_a_sign_in_name_is_taken_once(self, actors: People):
        with pytest.raises(InvalidInput) as caught:
            service.create_user(actors.admin, login="NURSE", name="Another", password=NEW)
        assert caught.value.field == "login"

    def test_a_weak_password_opens_nothing(self, actors: People, audit_tags: Tags):
        with pytest.raises(InvalidInput):
            service.create_user(actors.admin, login="paul", name="Paul", password="motdepasse12345")
        assert audit_tags() == []

    def test_a_site_code_is_taken_once(self, actors: People):
        service.create_site(actors.admin, code="nte", name="Nantes", kind=SiteKind.HOSPITAL)

        with pytest.raises(InvalidInput):
            service.create_site(actors.admin, code="NTE", name="Nantes", kind=SiteKind.BIOBANK)
        assert queries.site_by_code("nte").name == "Nantes"


class TestRoles:
    def test_a_role_counts_from_the_next_question_on(
        self, actors: People, sites: Sites, audit_tags: Tags
    ):
        assert actors.nurse.id is not None
        service.grant(actors.admin, actors.nurse.id, role=Role.TECHNICIAN, site_id=sites.lyon)

        actor = queries.actor_for(actors.nurse.id)
        assert actor is not None
        assert Grant(Role.TECHNICIAN, sites.lyon) in actor.grants
        assert audit_tags() == ["role:granted"]

    def test_a_role_taken_back_no_longer_counts(self, actors: People, audit_tags: Tags):
        held = user().grants[0]

        service.revoke(actors.admin, user().id, grant_id=held.id)

        actor = queries.actor_for(user().id)
        assert actor is not None
        assert actor.grants == frozenset()
        assert audit_tags() == ["role:revoked"]

    def test_the_persons_sessions_get_new_tokens(self, actors: People, sites: Sites):
        token = sessions.start(actors.nurse.id, {})
        service.grant(actors.admin, user().id, role=Role.TECHNICIAN, site_id=sites.lyon)

        remembered = sessions.find(token)
        assert remembered is not None
        assert remembered.renewal_due

    def test_a_role_is_held_once_at_each_place(self, actors: People, sites: Sites):
        with pytest.raises(RuleBroken):
            service.grant(actors.admin, user().id, role=Role.NURSE, site_id=sites.paris)

    def test_the_database_refuses_the_same_role_everywhere_twice(self, actors: People):
        row = {"user_id": user().id, "role": Role.DPO, "granted_at": user().created_at}

        with (
            pytest.raises(sa.exc.IntegrityError),
            db.engines["registry"].begin() as connection,
        ):
            connection.execute(sa.insert(RoleGrant), [row, row])

    def test_a_role_needs_a_site_that_exists(self, actors: People):
        with pytest.raises(NotFound):
            service.grant(actors.admin, user().id, role=Role.NURSE, site_id=999_999)

    def test_only_what_the_person_holds_is_taken_back(self, actors: People):
        with pytest.raises(NotFound):
            service.revoke(actors.admin, user("technician").id, grant_id=user().grants[0].id)


class TestNobodyChangesTheirOwn:
    @pytest.mark.parametrize(
        "act",
        [
            lambda admin: service.grant(admin, admin.id, role=Role.DPO),
            lambda admin: service.revoke(admin, admin.id, grant_id=1),
            lambda admin: service.disable(admin, admin.id),
            lambda admin: service.enable(admin, admin.id),
            lambda admin: service.reset_password(admin, admin.id, password=NEW),
        ],
    )
    def test_roles_or_status(self, actors: People, act: Callable[[Actor], object]):
        with pytest.raises(RuleBroken, match="another administrator"):
            act(actors.admin)


class TestOnlyAdministrators:
    @pytest.mark.parametrize(
        "act",
        [
            lambda actor: service.create_site(actor, code="X", name="X", kind=SiteKind.PARTNER),
            lambda actor: service.create_user(actor, login="x", name="X", password=NEW),
            lambda actor: service.grant(actor, 1, role=Role.ADMIN),
            lambda actor: service.revoke(actor, 1, grant_id=1),
            lambda actor: service.disable(actor, 1),
            lambda actor: service.enable(actor, 1),
            lambda actor: service.reset_password(actor, 1, password=NEW),
            queries.users,
            lambda actor: queries.user(actor, 1),
        ],
    )
    def test_administer(self, actors: People, act: Callable[[Actor], object]):
        for actor in (actors.nurse, actors.data_manager, actors.dpo):
            with pytest.raises(NotPermitted):
                act(actor)


class TestClosing:
    def test_a_disabled_person_is_out_at_once(self, actors: People, audit_tags: Tags):
        sessions.start(actors.nurse.id, {})

        service.disable(actors.admin, user().id)

        assert queries.actor_for(user().id) is None
        assert session_count() == 0
        with pytest.raises(Unauthenticated):
            signing_in.sign_in(login="nurse", password=PASSWORD, address="192.0.2.1")
        assert audit_tags() == ["account:disabled", "sign_in:refused"]

    def test_an_enabled_one_is_back_with_the_same_roles(self, actors: People):
        service.disable(actors.admin, user().id)
        service.enable(actors.admin, user().id)

        actor = queries.actor_for(user().id)
        assert actor is not None
        assert actor.grants == actors.nurse.grants

    def test_neither_is_done_twice(self, actors: People):
        with pytest.raises(RuleBroken):
            service.enable(actors.admin, user().id)
        service.disable(actors.admin, user().id)
        with pytest.raises(RuleBroken):
            service.disable(actors.admin, user().id)


class TestPasswords:
    def test_a_change_ends_every_session(self, actors: People, audit_tags: Tags):
        sessions.start(actors.nurse.id, {})
        sessions.start(actors.technician.id, {})

        service.change_password(actors.nurse, current=PASSWORD, new=NEW)

        assert session_count() == 1
        assert audit_tags() == ["account:password_changed"]
        assert signing_in.sign_in(login="nurse", password=NEW, address="192.0.2.1")

    @pytest.mark.parametrize(
        ("current", "new", "field"),
        [("wrong", NEW, "current"), (PASSWORD, PASSWORD, "new"), (PASSWORD, "short", "new")],
    )
    def test_a_refused_change_changes_nothing(
        self, actors: People, current: str, new: str, field: str
    ):
        with pytest.raises(InvalidInput) as caught:
            service.change_password(actors.nurse, current=current, new=new)

        assert caught.value.field == field
        assert signing_in.sign_in(login="nurse", password=PASSWORD, address="192.0.2.1")

    def test_a_temporary_one_must_be_changed(self, actors: People, audit_tags: Tags):
        sessions.start(actors.nurse.id, {})

        service.reset_password(actors.admin, user().id, password=NEW)

        assert session_count() == 0
        assert queries.preferences(actors.nurse).must_change_password
        assert audit_tags() == ["account:password_reset"]


class TestReading:
    def test_people_at_a_site_are_those_with_a_role_there_or_everywhere(
        self, actors: People, sites: Sites
    ):
        names = {person.login for person in queries.people_at(actors.nurse, sites.paris)}

        assert {"nurse", "technician", "admin"} <= names
        assert not {"nurse.lyon", "technician.lyon"} & names

    def test_the_people_of_another_site_are_not_shown(self, actors: People, sites: Sites):
        with pytest.raises(NotFound):
            queries.people_at(actors.nurse, sites.lyon)

    def test_a_disabled_person_cannot_be_chosen(self, actors: People, sites: Sites):
        service.disable(actors.admin, user("technician").id)

        logins = {person.login for person in queries.people_at(actors.nurse, sites.paris)}
        assert "technician" not in logins

    def test_sites_of_a_person_are_those_of_the_roles(self, actors: People, sites: Sites):
        assert [site.id for site in queries.sites_of(actors.nurse)] == [sites.paris]
        assert len(queries.sites_of(actors.admin)) == 3
        assert list(queries.sites_of(actors.nurse, Role.TECHNICIAN)) == []

    def test_preferences_are_kept(self, actors: People, audit_tags: Tags):
        service.set_preferences(actors.nurse, language="en", shortcuts=False)

        kept = queries.preferences(actors.nurse)
        assert (kept.language, kept.shortcuts) == ("en", False)
        assert audit_tags() == ["account:changed"]
