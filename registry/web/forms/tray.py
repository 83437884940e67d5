"""Forms of the tray of tubes without a known participant."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.custody.service import Arrived
from registry.kernel.messages import T
from registry.participants.models import VisitPlan
from registry.vocab.sprec import Ambient
from registry.vocab.terms import Vocabulary
from registry.vocab.tray import REJECTIONS
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, refined_by, rows, terms_of
from registry.web.forms.kits import UNPLANNED
from registry.web.language import translate
from schemas.tray import AttachIn, LayIn, RejectIn, WhoseIn


class LayForm(SchemaForm):
    """Tubes to receive into a tray."""

    schema = LayIn

    codes = TextAreaField(
        T("Tubes"),
        description=T("Scan each tube, then VALIDER."),
    )
    site_id = SelectField(T("Received at"))
    sender_id = SelectField(T("Sent by"))
    place = StringField(T("Tray"), description=T("Where they wait, such as: fridge 2, top."))
    sample_type = SelectField(T("Type"), choices=terms_of(Vocabulary.SAMPLE_TYPE))
    container_type = SelectField(T("Container"), choices=terms_of(Vocabulary.CONTAINER_TYPE))
    volume = StringField(T("Volume of each"))
    unit = SelectField(T("Unit"), choices=terms_of(Vocabulary.UNIT))
    condition = SelectField(T("Condition of these tubes"), choices=refined_by(Vocabulary.CONDITION))
    ambient = SelectField(
        T("Kept since the collection at"), choices=options(Ambient, blank=T("Not recorded"))
    )
    received_at = StringField(
        T("When"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
    comment = TextAreaField(T("Comment"))

    def __init__(self, own: Iterable[Site], senders: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in own)
        self.sender_id.choices = rows(
            ((site.id, site.name) for site in senders), blank=T("Choose one")
        )

    @property
    def usual(self) -> dict[str, str]:
        """What is likely the same for the next ones, as it was typed."""
        names = ("place", "sender_id", "sample_type", "container_type", "volume", "unit")
        return {name: self[name].data for name in names}

    @property
    def arrived(self) -> Arrived:
        """What the tubes look like."""
        names = (
            "sample_type", "container_type", "volume", "unit", "condition", "ambient", "comment",
            "type_term", "container_term",
        )  # fmt: skip
        return Arrived(**{name: self.cleaned[name] for name in names})


class WhoseForm(QueryForm):
    """The participant whose tube it is."""

    schema = WhoseIn

    participant = StringField(
        T("Participant"), description=T("Scan the participant’s code, or type it.")
    )


class AttachForm(SchemaForm):
    """When and at which visit the tube was drawn."""

    schema = AttachIn

    visit = SelectField(T("Visit"))
    collected_at = StringField(T("Collected"), description=T("Such as 12/03/2026 08:30."))

    def __init__(self, plans: Iterable[VisitPlan]) -> None:
        super().__init__()
        self.visit.choices = rows(
            [
                *((plan.id, plan.name) for plan in plans),
                (UNPLANNED, translate(T("A visit that was not planned"))),
            ]
        )


class RejectForm(SchemaForm):
    """How a tube leaves the tray without becoming a sample."""

    schema = RejectIn

    outcome = RadioField(T("What becomes of it"), choices=options(REJECTIONS))
    reason = TextAreaField(T("Reason"))
