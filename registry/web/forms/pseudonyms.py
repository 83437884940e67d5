"""Forms of leading codes back to participants, and of partners' codes."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.vocab.pseudonyms import ReversalReason
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from schemas.pseudonyms import PartnerCodeIn, RetireIn, ReversalIn

_NO_NAMES = T("It is kept in the journal: write no name and no number of the person.")


class ReversalForm(SchemaForm):
    """A project's code, and why one needs to know whose it is."""

    schema = ReversalIn

    number = StringField(T("Request"), description=T("Its number, such as D-2026-0001."))
    pseudonym = StringField(
        T("Code in the extract"),
        description=T(
            "A P (participant) or an S (sample), then 18 letters and digits. Spaces, hyphens and "
            "case do not matter."
        ),
    )
    kind = RadioField(T("Why do you need to know?"), choices=options(ReversalReason))
    reason = TextAreaField(T("In a few words"), description=_NO_NAMES)


class PartnerCodeForm(SchemaForm):
    """A partner, and a code of theirs."""

    schema = PartnerCodeIn

    partner = SelectField(
        T("Partner"),
        description=T("One that is missing is opened by the administrator, as a site."),
    )
    code = StringField(
        T("Partner’s code"), description=T("As the partner writes it; case does not matter.")
    )

    def __init__(self, partners: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.partner.choices = rows(
            ((one.code, one.name) for one in partners), blank=T("Choose a partner")
        )


class RetireForm(SchemaForm):
    """Why a partner's code is no longer the participant's."""

    schema = RetireIn

    reason = TextAreaField(T("Why?"), description=_NO_NAMES)
