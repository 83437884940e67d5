"""Forms of what is planned of a tube, and of carrying it out at the bench."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from registry.custody.service import Made
from registry.kernel.messages import T
from registry.participants.terms.kinds import given_as
from registry.samples.plans.queries import Progress, Tree, wish
from registry.samples.plans.service import Plan
from registry.samples.plans.yields import share_out
from registry.vocab import derivation
from registry.vocab.labels import label
from registry.vocab.plans import PLANNED_LABELS, Shortfall
from registry.vocab.printing import LabelPurpose
from registry.vocab.samples import ContainerType
from registry.vocab.storage import StorageClass
from registry.vocab.terms import Vocabulary
from registry.web import templating
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows, terms_of
from registry.web.language import translate
from schemas.plans import PlannedLineIn, PlannedWorkIn, YieldIn


class PlannedLineForm(SchemaForm):
    """A line to add to the plan of a tube."""

    schema = PlannedLineIn

    parent = SelectField(T("Made of"))
    sample_type = SelectField(T("Type"))
    container_type = SelectField(T("Container"), choices=terms_of(Vocabulary.CONTAINER_TYPE))
    volume = StringField(T("Volume of each"))
    count = StringField(T("How many"), default="1")
    priority = StringField(
        T("Priority"), default="1", description=T("1 is filled first when the yield is short.")
    )
    label_purpose = SelectField(T("Label"), choices=options(PLANNED_LABELS))
    storage_class = SelectField(
        T("Storage"), choices=options(StorageClass, blank=T("Not prescribed"))
    )
    within_minutes = StringField(
        T("To be made within"),
        description=T("Minutes after the collection; leave empty if it can wait."),
    )

    def __init__(self, tree: Tree) -> None:
        super().__init__(
            container_type=ContainerType.POLYPROPYLENE.value,
            label_purpose=LabelPurpose.ALIQUOT.value,
        )
        self.parent.choices = rows(
            (
                (
                    one.line.id,
                    f"{translate(label(one.line.sample_type))}, "
                    f"{templating.quantity(one.line.volume)} {translate(label(tree.tube.unit))}",
                )
                for one in tree.branches
            ),
            blank=T("The tube itself"),
        )
        sources = [
            (tree.tube.sample_type, tree.tube.container_type),
            *((one.line.sample_type, one.line.container_type) for one in tree.branches),
        ]
        possible = dict.fromkeys(
            kind for source in sources for kind in derivation.possible(*source)
        )
        self.sample_type.choices = terms_of(Vocabulary.SAMPLE_TYPE, among=possible)()

    @property
    def plan(self) -> Plan:
        """What the line plans."""
        return Plan(**{name: value for name, value in self.cleaned.items() if name != "parent"})


class YieldForm(QueryForm):
    """How much there is to share out."""

    schema = YieldIn

    volume = StringField(T("Share out"))


class MadeLineForm(Form):  # type: ignore[misc]
    """What was made by one line of the plan."""

    planned = HiddenField()
    count = StringField(T("How many"))
    volume = StringField(T("Volume of each"))
    container_type = SelectField(T("Container"), choices=terms_of(Vocabulary.CONTAINER_TYPE))
    shortfall = SelectField(
        T("Why not all"), choices=terms_of(Vocabulary.SHORTFALL, blank=T("All are made"))
    )


class PlannedWorkForm(SchemaForm):
    """A plan as it can be carried out with what is there: a scan of the command confirms it."""

    schema = PlannedWorkIn

    children = TextAreaField(
        T("Scan VALIDER to confirm"),
        description=T(
            "Codes are issued and labels printed. Tubes that bear labels already are scanned "
            "first, line by line."
        ),
    )
    lines = FieldList(FormField(MadeLineForm))
    loss = StringField(T("Lost while working"), description=T("Taken from the parent as well."))
    at = StringField(
        T("When"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
    comment = TextAreaField(T("Comment"))

    def __init__(self, open_lines: Sequence[Progress], available: Decimal) -> None:
        shares = share_out(available, [wish(one.line, one.left) for one in open_lines])
        super().__init__(
            data={
                "lines": [
                    _filled_in(one, share) for one, share in zip(open_lines, shares, strict=True)
                ]
            }
        )
        for one, row in zip(open_lines, self.lines.entries, strict=False):
            for field in row.form:
                # The table shows no labels; errors do.
                field.label.text = T(
                    "{kind}, {field}", kind=label(one.line.sample_type), field=field.label.text
                )

    @property
    def made(self) -> Sequence[Made]:
        """What was made by each line."""
        return [
            Made(
                planned_id=line["planned"],
                count=line["count"],
                volume=line["volume"],
                container_type=line["container_type"],
                container_term=line["container_term"],
                shortfall=line["shortfall"],
                term=line["term"],
            )
            for line in self.cleaned["lines"]
        ]


def _filled_in(one: Progress, share: int) -> dict[str, Any]:
    return {
        "planned": str(one.line.id),
        "count": str(share),
        "volume": templating.quantity(one.line.volume),
        "container_type": given_as(one.line.container_type, one.line.container_term),
        "shortfall": Shortfall.YIELD.value if share < one.left else "",
    }
