"""The form of a pooling."""

from wtforms import SelectField, StringField, TextAreaField

from registry.kernel.messages import T
from registry.vocab.terms import Vocabulary
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import terms_of
from schemas.pooling import PoolIn


class PoolForm(SchemaForm):
    """Tubes of one participant and one type that are poured into a new one."""

    schema = PoolIn

    pool = StringField(
        T("New tube"),
        description=T("Scan its label. Leave empty to have a code issued and printed."),
    )
    codes = TextAreaField(
        T("Poured into it"),
        description=T("Scan each tube: one code on each line. VALIDER sends the list."),
    )
    volume = StringField(
        T("Volume of each"), description=T("Leave empty when each gives all that is left in it.")
    )
    unit = SelectField(
        T("Unit"), choices=terms_of(Vocabulary.UNIT, blank=T("That of the first tube"))
    )
    container_type = SelectField(T("Container"), choices=terms_of(Vocabulary.CONTAINER_TYPE))
    loss = StringField(T("Lost while working"), description=T("The pool begins with so much less."))
    at = StringField(
        T("When"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
    comment = TextAreaField(T("Comment"))
