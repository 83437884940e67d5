"""What templates may use besides their own arguments."""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit
from flask import Flask, current_app, g, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.kernel import clock
from registry.kernel.messages import Message
from registry.participants.terms import kinds
from registry.vocab.audit import AuditTag
from registry.vocab.labels import label as label_of
from registry.vocab.people import Role
from registry.web import guards, language, navigation, notices, security
from registry.web.forms import markup

_MOMENT = {"fr": "%d/%m/%Y %H:%M", "en": "%d %b %Y %H:%M"}
#: What a missing value looks like.
_NOTHING = Markup('<span class="nothing">–</span>')


def install(app: Flask) -> None:
    """Give the templates their filters and functions; a misspelt name is an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        t=language.translate,
        country=_country,
        paris=paris,
        day=day,
        month=month,
        qty=quantity,
        lasting=lasting,
        label=label,
        type_name=type_name,
        container_name=container_name,
        code=code,
        tag_label=tag_label,
    )
    app.jinja_env.globals.update(
        Permission=Permission,
        may=may,
        signed_in=guards.signed_in,
        navigation=navigation.entries_for,
        current_entry=navigation.current_entry,
        scans=navigation.scans,
        current_language=language.current,
        languages=language.LANGUAGES,
        shortcuts_on=shortcuts_on,
        take_notices=notices.take,
        static_url=static_url,
        bootstrap_css_url=bootstrap_css_url,
        csp_nonce=security.nonce,
        server_now=server_now,
        role_labels=role_labels,
        place_names=place_names,
        **markup.FUNCTIONS,
    )
    app.context_processor(lambda: {"without_person": g.get("without_person", False)})


def paris(moment: datetime | None) -> str:
    """A moment on the Paris wall clock, to the minute."""
    if moment is None:
        return _NOTHING
    return clock.to_paris(moment).strftime(_MOMENT[language.current()])


def day(value: date | None) -> str:
    """A calendar day; of a moment, the day in Paris."""
    if value is None:
        return _NOTHING
    if isinstance(value, datetime):
        value = clock.to_paris(value)
    return language.day(value)


def month(value: date) -> str:
    """A month with its year, in words."""
    return format_date(value, "LLLL yyyy", locale=language.current())


def quantity(value: Decimal | float | None) -> str:
    """A number as the person writes it: decimal comma in French, all its places."""
    if value is None:
        return _NOTHING
    return format_decimal(value, locale=language.current(), decimal_quantization=False)


def lasting(time: timedelta) -> str:
    """How long something lasted, in its two largest units down to the minute."""
    minutes = int(time.total_seconds() // 60)
    parts = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    said = [
        format_unit(count, f"duration-{unit}", length="short", locale=language.current())
        for unit, count in parts.items()
        if count
    ]
    none = format_unit(0, "duration-minute", length="short", locale=language.current())
    return " ".join(said[:2]) or none


def label(member: StrEnum | None) -> str:
    """What a choice is called."""
    return _NOTHING if member is None else language.translate(label_of(member))


def type_name(tube: Any) -> str:
    """The type of a tube, or of one that is planned, by the term of the place if it has one."""
    return language.translate(kinds.name(tube.sample_type, tube.type_term))


def container_name(tube: Any) -> str:
    """What it is in, in the same way."""
    return language.translate(kinds.name(tube.container_type, tube.container_term))


def tag_label(tag: str) -> str:
    """What an act recorded long ago is called; its tag, when the vocabulary has dropped it."""
    return label(AuditTag(tag)) if tag in set(AuditTag) else tag


def code(value: str | None) -> str:
    """A code in the type that tells 0 from O."""
    return _NOTHING if not value else Markup('<span class="code">{}</span>').format(value)


def server_now() -> int:
    """The server's clock in milliseconds, with which a page compares its computer's."""
    return int(clock.now().timestamp() * 1000)


def may(permission: Permission, resource: Any = None) -> bool:
    """Whether the signed-in person may, so that a page offers nothing that would be refused."""
    actor = guards.signed_in()
    return actor is not None and allows(actor, permission, resource)


def shortcuts_on() -> bool:
    """Whether single-key shortcuts work for this person."""
    kept = guards.preferences()
    return kept is None or kept.shortcuts


def role_labels(roles: frozenset[str]) -> list[Message]:
    """What the roles are called, in the order of the vocabulary."""
    return [label_of(role) for role in Role if role.value in roles]


def place_names() -> list[str]:
    """The sites of the signed-in person; none when the roles hold everywhere."""
    actor = guards.signed_in()
    if actor is None or actor.sites().everywhere:
        return []
    return [site.name for site in accounts.sites_of(actor)]


def static_url(filename: str) -> str:
    """The address of one of our own files; it changes with the file, which can be kept for long."""
    return url_for(
        "static", filename=filename, v=_version(str(current_app.static_folder), filename)
    )


def bootstrap_css_url() -> str:
    """The address of Bootstrap's style sheet, from the installed package."""
    version = current_app.extensions["bootstrap"].bootstrap_version
    return url_for("bootstrap.static", filename="css/bootstrap.min.css", v=version)


@cache
def _country(code: str) -> str:
    """The country's name in the person's language."""
    return str(Locale.parse(language.current()).territories.get(code, code))


def _version(folder: str, filename: str) -> str:
    return hashlib.sha256((Path(folder) / filename).read_bytes()).hexdigest()[:12]
