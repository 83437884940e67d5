"""Choosing which duties are listed."""

from wtforms import HiddenField, SelectField

from registry.kernel.messages import T
from registry.vocab.duties import Horizon
from registry.web.forms.base import QueryForm
from registry.web.forms.choices import options
from schemas.duties import DutiesIn


class DutiesForm(QueryForm):
    """One kind, until some day."""

    schema = DutiesIn

    horizon = SelectField(T("What falls due"), choices=options(Horizon))
    list = HiddenField()
