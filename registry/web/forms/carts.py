"""Forms of carts."""

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import rows
from schemas.carts import CartIn, OffCartIn, OntoCartIn


class CartForm(SchemaForm):
    """A new cart."""

    schema = CartIn

    name = StringField(T("Name"), description=T("What is written on it, such as: blue, room 3."))
    site_id = SelectField(T("Site"))

    def __init__(self, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in sites)


class OntoCartForm(SchemaForm):
    """Tubes that come onto a cart."""

    schema = OntoCartIn

    codes = TextAreaField(T("Tubes"), description=T("Scan each tube, then VALIDER."))


class OffCartForm(SchemaForm):
    """A tube that comes off a cart."""

    schema = OffCartIn

    tube = HiddenField()
