"""The form of what is measured of a tube."""

from typing import Any

from wtforms import SelectField, StringField, TextAreaField

from registry.kernel import clock
from registry.kernel.messages import T
from registry.samples.measuring.service import Measured
from registry.vocab.measuring import SCALES, MeasureUnit, Method
from registry.vocab.samples import SampleType
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options
from schemas.measuring import MeasuredIn


class MeasuredForm(SchemaForm):
    """One value that was measured."""

    schema = MeasuredIn

    measure = SelectField(T("What"))
    value = StringField(T("Value"))
    unit = SelectField(T("Unit"), choices=options(MeasureUnit, blank=T("The usual one")))
    method = SelectField(T("How"), choices=options(Method))
    measured_at = StringField(
        T("When"), description=T("Leave empty for now; otherwise such as 12/03/2026 08:30.")
    )
    comment = TextAreaField(T("Comment"))

    def __init__(self, sample_type: SampleType, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        scales = SCALES.items()
        fits = [one for one, scale in scales if scale.of is None or sample_type in scale.of]
        self.measure.choices = options(fits)()

    @property
    def measured(self) -> Measured:
        """What was typed, with what goes without saying."""
        given = self.cleaned
        return Measured(
            measure=given["measure"],
            value=given["value"],
            unit=given["unit"] or SCALES[given["measure"]].units[0],
            method=given["method"],
            measured_at=given["measured_at"] or clock.now(),
            comment=given["comment"],
        )
