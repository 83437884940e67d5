"""Forms of printing kits in advance, and of using one for a participant."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField

from registry.accounts.models import Site
from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.vocab.printing import LabelStock
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options, rows
from schemas.printed_kits import PrintAgainIn, PrintKitsIn, UseKitIn


class PrintAgainForm(SchemaForm):
    """On which labels."""

    schema = PrintAgainIn

    stock = SelectField(
        T("Label stock"), choices=options(LabelStock), default=LabelStock.TUBE_SHEET.value
    )
    first = StringField(
        T("First label"),
        description=T("On a sheet already begun: the first place that still has a label."),
    )


class PrintKitsForm(PrintAgainForm):
    """Which kits, how many and for which site."""

    schema = PrintKitsIn

    kit = SelectField(T("Kit"))
    site_id = SelectField(T("Site"))
    count = StringField(T("How many kits"), default="10")

    def __init__(self, cohorts: Iterable[Cohort], sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kit.choices = rows(
            (kit.id, f"{cohort.name} – {kit.name}") for cohort in cohorts for kit in cohort.kits
        )
        self.site_id.choices = rows((site.id, site.name) for site in sites)


class UseKitForm(SchemaForm):
    """From whom the kit is drawn."""

    schema = UseKitIn

    participant = StringField(T("Participant"), description=T("Scan or type the code."))
