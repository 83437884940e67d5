"""``init``: keys, databases and the first site and cohort."""

import click

from registry.accounts import queries, service as accounts
from registry.cli.opening import Door
from registry.consents.templates import starter
from registry.crypto.keyring import Keyring
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.migrations import databases
from registry.participants import protocol
from registry.persistence import transactional
from registry.vocab import limits
from registry.vocab.people import SiteKind


def _code_and_name(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, str]:
    code, colon, name = value.partition(":")
    if not colon or not code.strip() or not name.strip():
        raise click.BadParameter("write CODE:NAME, such as CHU:Centre hospitalier")
    if len(code.strip()) > limits.CODE_MAX:
        raise click.BadParameter(f"a code has at most {limits.CODE_MAX} characters")
    return code.strip().upper(), name.strip()


def prepare(door: Door) -> None:
    """Make what is missing of the data directory, its keys and its two databases.

    Existing keys are never replaced; existing databases are brought to this version.
    """
    settings = door.settings
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.keys_dir.exists():
        Keyring.generate(settings.keys_dir)
    with door.unchecked():
        databases.upgrade()


@click.command()
@click.option(
    "--site",
    default="CHU:Centre hospitalier universitaire",
    callback=_code_and_name,
    help="The first hospital site, as CODE:NAME.",
)
@click.option(
    "--cohort",
    default="COHORTE:Cohorte",
    callback=_code_and_name,
    help="The first cohort, as CODE:TITLE.",
)
@click.pass_obj
def init(door: Door, site: tuple[str, str], cohort: tuple[str, str]) -> None:
    """Set up a data directory, or bring it to this version: keys, databases, a site, a cohort."""
    prepare(door)
    with door.unchecked():
        if queries.sites():
            door.say(T("{directory} is set up and up to date.", directory=door.settings.data_dir))
            return
        _fill(Actor.system("init"), site, cohort)
    door.say(
        T(
            "Ready in {directory}: site {site}, cohort {cohort}. Keep a copy of {keys} apart from "
            "the databases: without it no identity can ever be read. Next: python run.py "
            "--data-dir {directory} user add LOGIN --name NAME --role admin",
            directory=door.settings.data_dir,
            site=site[0],
            cohort=cohort[0],
            keys=door.settings.keys_dir,
        ),
    )


@transactional
def _fill(actor: Actor, site: tuple[str, str], cohort: tuple[str, str]) -> None:
    accounts.create_site(actor, code=site[0], name=site[1], kind=SiteKind.HOSPITAL)
    protocol.open_cohort(actor, code=cohort[0], name=cohort[1])
    starter.install(actor)
