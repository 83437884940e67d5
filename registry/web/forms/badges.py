"""Forms of badges."""

from wtforms import PasswordField, RadioField

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.people import BADGE_ENDS
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options
from schemas.badges import BadgeEndIn, BadgeIn, OwnBadgeIn, PinIn

_SCAN = T("Scan its barcode. It is not shown and cannot be read again afterwards.")
_PIN = T(
    "{least} to {most} digits that nobody would try first.",
    least=limits.PIN_MIN,
    most=limits.PIN_MAX,
)


class OwnBadgeForm(SchemaForm):
    """One's own badge and its PIN."""

    schema = OwnBadgeIn

    badge = PasswordField(T("Badge"), description=_SCAN)
    pin = PasswordField(T("PIN"), description=_PIN)
    again = PasswordField(T("PIN, once more"))


class PinForm(SchemaForm):
    """Another PIN for one's own badge."""

    schema = PinIn

    pin = PasswordField(T("New PIN"), description=_PIN)
    again = PasswordField(T("New PIN, once more"))


class BadgeForm(SchemaForm):
    """A colleague's badge."""

    schema = BadgeIn

    badge = PasswordField(T("Badge"), description=_SCAN)


class BadgeEndForm(SchemaForm):
    """Why a badge proves nothing any more."""

    schema = BadgeEndIn

    ending = RadioField(T("Why"), choices=options(BADGE_ENDS))
