"""``export consents``: files out, pseudonymous."""

import os
from pathlib import Path

import click

from registry.cli.opening import Door
from registry.consents.exchange import queries as exchange
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants import queries as participants


@click.group("export")
def export() -> None:
    """Write files for other systems: codes, never names."""


@export.command("consents")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--cohort", "cohort_code", required=True, help="The cohort's code.")
@click.pass_obj
def consents(door: Door, file: Path, cohort_code: str) -> None:
    """Write the consents of a cohort to FILE: FHIR R4, one Bundle on each line."""
    with door.opened():
        cohorts = {cohort.code: cohort for cohort in participants.cohorts()}
        cohort = cohorts.get(cohort_code.upper())
        if cohort is None:
            raise InvalidInput(T("There is no such cohort."))
        written = 0
        # Exclusive: nothing that is there is written over.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            for bundle in exchange.of_cohort(Actor.system("export"), cohort):
                out.write(bundle + "\n")
                written += 1
        door.say(T("{count} participants written to {path}.", count=written, path=file))
