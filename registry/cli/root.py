"""The command group, its data directory, and how refusals are shown."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask

from config import DEFAULT_DATA_DIR, SettingError, Settings, load
from registry.cli import (
    accounts,
    audit,
    consents,
    exchange,
    exports,
    imports,
    keys,
    serving,
    setting_up,
    working,
)
from registry.cli.backup import backup, restore
from registry.cli.opening import Door
from registry.cli.speaking import translator
from registry.cli.vault import vault
from registry.crypto.errors import CryptoError
from registry.kernel.errors import DomainError


class _Refusing(click.Group):
    """A group whose commands end in a sentence when the registry refuses."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            locale = ctx.obj.settings.default_locale if isinstance(ctx.obj, Door) else "en"
            _refuse(translator(locale)(error.message))
        except (SettingError, CryptoError) as error:
            _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(1)


@click.group(cls=_Refusing, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="REGISTRY_DATA_DIR",
    help=f"Where databases, keys, documents and reports are kept (default: ./{DEFAULT_DATA_DIR}).",
)
@click.pass_context
def main(ctx: click.Context, data_dir: Path | None) -> None:
    """Patient-cohort and biobank registry."""
    # What is written belongs to whoever runs the registry, and to nobody else.
    os.umask(0o077)
    ctx.obj = Door(load(data_dir), create_app=ctx.obj)


def run(create_app: Callable[[Settings], Flask]) -> NoReturn:
    """Carry out the command of this process; `create_app` makes the application."""
    main.main(obj=create_app)
    raise AssertionError("click ends the process itself")


main.add_command(setting_up.init)
main.add_command(serving.demo)
main.add_command(serving.serve)
main.add_command(working.worker)
main.add_command(accounts.user)
main.add_command(imports.import_)
main.add_command(exports.export)
main.add_command(audit.audit)
main.add_command(consents.consents)
main.add_command(exchange.exchange)
main.add_command(vault)
main.add_command(backup)
main.add_command(restore)
main.add_command(keys.keys)
