"""How labels are worded for the person who prints them."""

from registry.labels.contents import Speech
from registry.web import language, templating


def speech() -> Speech:
    """Words, days and numbers in the language of the page."""
    return Speech(
        language=language.current(),
        translate=language.translate,
        day=templating.day,
        number=templating.quantity,
    )
