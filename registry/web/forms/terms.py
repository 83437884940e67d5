"""The form of adding a term to a vocabulary."""

from wtforms import SelectField, StringField

from registry.kernel.messages import T
from registry.vocab.terms import MEMBERS, Vocabulary
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options
from schemas.terms import TermIn


class TermForm(SchemaForm):
    """A term of the place."""

    schema = TermIn

    fr = StringField(T("French name"))
    en = StringField(T("English name"))
    refines = SelectField(
        T("It refines"), description=T("The rules of the registry take it for this one.")
    )

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.refines.choices = options(MEMBERS[vocabulary])()
