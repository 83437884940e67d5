"""The form by which an identity is erased."""

from wtforms import RadioField, StringField, TextAreaField

from registry.kernel.messages import T
from registry.vocab.erasure import ErasureGround
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options
from schemas.erasures import ErasureIn


class ErasureForm(SchemaForm):
    """Why the identity must go, then whose it is."""

    schema = ErasureIn

    ground = RadioField(T("On what ground?"), choices=options(ErasureGround))
    reason = TextAreaField(
        T("What was asked, and when"),
        description=T(
            "It is kept in the journal and on the certificate: write no name and no number of "
            "the person."
        ),
    )
    code = StringField(
        T("Type the participant’s code"), description=T("So that nobody else is erased by mistake.")
    )
