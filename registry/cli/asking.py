"""Arguments and options that several commands ask for in the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T

existing_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def unused(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Refuse to write over a file before anything is taken in."""
    if value is not None and value.exists():
        raise click.BadParameter(f"{value} is there already, and is not written over.")
    return value


def choose(given: str | None, known: list[str], option: str) -> str:
    """The code that was given, or the only one there is; nothing is guessed.

    :raises InvalidInput: it is none of them, or there are several and none was given.
    """
    code = given.upper() if given else (known[0] if len(known) == 1 else "")
    if code not in known:
        raise InvalidInput(
            T("Say which with {option}: {known}.", option=option, known=", ".join(known))
        )
    return code


@contextmanager
def created(path: Path) -> Iterator[list[bytes]]:
    """A new file for what the block hands over, made before the block does anything.

    So a disk or directory that cannot be written to stops the command while nothing is
    kept yet; of a block that is refused no file is left.
    """
    contents: list[bytes] = []
    with path.open("xb") as out:
        try:
            yield contents
        except BaseException:
            path.unlink()
            raise
        out.writelines(contents)
