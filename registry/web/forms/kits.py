"""Forms of choosing a kit and registering its tubes."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
)

from registry.kernel.messages import T
from registry.participants.models import KitDefinition, KitTube, VisitPlan
from registry.vocab.labels import label
from registry.vocab.people import MissingTubeReason
from registry.web import templating
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows
from registry.web.language import translate
from schemas.kits import KitChoiceIn, KitIn

#: The choice that stands for a visit that was not planned.
UNPLANNED = 0


class KitChoiceForm(QueryForm):
    """Which kit was drawn at which visit."""

    schema = KitChoiceIn

    visit = SelectField(T("Visit"))
    kit = SelectField(T("Kit"))
    printed = HiddenField()
    first = HiddenField()

    def __init__(self, plans: list[VisitPlan], kits: list[KitDefinition]) -> None:
        super().__init__()
        self.visit.choices = rows(
            [
                *((plan.id, plan.name) for plan in plans),
                (UNPLANNED, translate(T("A visit that was not planned"))),
            ]
        )
        self.kit.choices = rows((kit.id, kit.name) for kit in kits)
        self.visit.flags.required = self.kit.flags.required = True


class KitTubeForm(Form):  # type: ignore[misc]
    """One tube of the kit."""

    code = StringField(T("Code"))
    volume = StringField(T("Volume"))
    missing = SelectField(
        T("Missing because"), choices=options(MissingTubeReason, blank=T("It is there"))
    )


class KitForm(SchemaForm):
    """The tubes of a kit, one line each, in the order of the kit.

    With the `codes` of a printed kit every line is filled in, and a scan of the
    command registers it.
    """

    schema = KitIn

    command = StringField(
        T("Scan VALIDER to register the kit"),
        description=T("Or press Enter. Say first, in its line, which tube is missing and why."),
    )

    collected_at = StringField(
        T("Collected"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
    issue_codes = BooleanField(
        T("Issue codes for the tubes that have none, and print their labels")
    )
    tubes = FieldList(FormField(KitTubeForm))

    def __init__(
        self, tubes: list[KitTube], codes: Mapping[int, str] | None = None, **kwargs: Any
    ) -> None:
        self.expected = tubes
        known = codes or {}
        lines = [
            {"volume": templating.quantity(one.nominal_volume), "code": known.get(one.id, "")}
            for one in tubes
        ]
        super().__init__(data={"tubes": lines}, **kwargs)
        while len(self.tubes.entries) < len(tubes):
            self.tubes.append_entry()
        for tube, row in zip(tubes, self.tubes.entries, strict=False):
            self._name(row.form, tube)

    def _name(self, row: KitTubeForm, tube: KitTube) -> None:
        """Say in each label which tube it is about: the table shows no labels, errors do."""
        unit = label(tube.unit)
        row.code.label.text = T("Tube {number}, code", number=tube.position)
        row.volume.label.text = T(
            "Tube {number}, volume in {unit}", number=tube.position, unit=unit
        )
        row.missing.label.text = T("Tube {number}, why it is missing", number=tube.position)
        # A scanner's Enter goes on to the next empty one, and sends when none is left.
        row.code.flags.required = True
