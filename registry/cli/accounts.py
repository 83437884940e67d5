"""``user add``: open an account with its roles."""

import secrets
import sys

import click

from registry.accounts import queries, service
from registry.cli.opening import Door
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.persistence import unit_of_work
from registry.vocab.people import Role

_WORDS_BYTES = 15


@click.group()
def user() -> None:
    """The people who work with the registry."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="The person's name as colleagues know it.")
@click.option("--email", help="Where the person is reached.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="A role; repeat for several.",
)
@click.option(
    "--site", "sites", multiple=True, help="A site code; repeat for several. None: every site."
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the first password from the standard input."
)
@click.pass_obj
def add(
    door: Door,
    login: str,
    name: str,
    email: str | None,
    roles: tuple[str, ...],
    sites: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Open the account LOGIN; its first password serves once."""
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else secrets.token_urlsafe(_WORDS_BYTES)
    )
    actor = Actor.system("user")
    with door.opened(), unit_of_work():
        at: list[int | None] = [queries.site_by_code(code).id for code in sites]
        account = service.create_user(actor, login=login, name=name, email=email, password=password)
        for role in roles:
            for site_id in at or [None]:
                service.grant(actor, account.id, role=Role(role), site_id=site_id)
    door.say(T("The account {login} is open.", login=login))
    if not password_stdin:
        door.say(
            T("First password, to be changed at the first sign-in: {password}", password=password)
        )
