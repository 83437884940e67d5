"""What the command line says, in the registry's language."""

from collections.abc import Callable
from pathlib import Path

import click
from babel.support import Translations

from registry.kernel.messages import Message

_CATALOGUES = Path(__file__).parent.parent / "translations"


def translator(locale: str) -> Callable[[Message], str]:
    """What turns a Message into a sentence of `locale`."""
    catalogue = Translations.load(_CATALOGUES, [locale])
    return lambda message: message.rendered(catalogue.gettext)


def say(locale: str, message: Message) -> None:
    """Print one sentence."""
    click.echo(translator(locale)(message))
