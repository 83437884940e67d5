"""French first, English complete: which one this request speaks."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, current_app, g, session
from flask_babel import Babel, get_locale, gettext

from registry.kernel.clock import PARIS
from registry.kernel.messages import Bilingual, Message
from registry.web import guards

#: Each language under its own name, which is how people look for it.
LANGUAGES = {"fr": "Français", "en": "English"}
_DAY = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}

_CATALOGUES = Path(__file__).parent.parent / "translations"


def install(app: Flask, default: str) -> None:
    """Translate, and write dates and numbers, as the person reads them."""
    app.config["BABEL_DEFAULT_LOCALE"] = default
    Babel(
        app,
        default_locale=default,
        default_timezone=str(PARIS),
        default_translation_directories=str(_CATALOGUES),
        locale_selector=_select,
    )


def _select() -> str:
    chosen = session.get("language")
    if chosen not in LANGUAGES and not g.get("without_person"):
        kept = guards.preferences()
        chosen = kept.language if kept else None
    return chosen if chosen in LANGUAGES else str(current_app.config["BABEL_DEFAULT_LOCALE"])


def current() -> str:
    """The code of the language that this request speaks."""
    return str(get_locale() or current_app.config["BABEL_DEFAULT_LOCALE"])[:2]


def day(value: date) -> str:
    """A calendar day as the person writes it."""
    return value.strftime(_DAY[current()])


def translate(message: Message | str) -> str:
    """The sentence in the person's language; a plain string is shown as it is."""
    if not isinstance(message, Message):
        return message
    if isinstance(message, Bilingual):
        return message.rendered(lambda msgid: str(gettext(msgid)))
    params = {name: _said(value) for name, value in message.params.items()}
    return str(gettext(message.msgid)).format(**params)


def _said(value: Any) -> Any:
    """What fills a place of a sentence: sentences, days and quantities as the person reads them."""
    if isinstance(value, Message):
        return translate(value)
    if isinstance(value, Decimal):
        return str(format_decimal(value, locale=current(), decimal_quantization=False))
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    return value
