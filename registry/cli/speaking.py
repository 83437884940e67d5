"""Sentences on the command line, in the registry's language."""

from collections.abc import Callable
from pathlib import Path

from babel.support import Translations

from registry.kernel.messages import Message

_CATALOGUES = Path(__file__).parent.parent / "translations"


def translator(locale: str) -> Callable[[Message], str]:
    """What turns a Message into a sentence of `locale`."""
    catalogue = Translations.load(_CATALOGUES, [locale])
    return lambda message: message.rendered(catalogue.gettext)
