"""Forms of temperature probes and of the excursions that they find."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import FileField

from registry.imports.reading import decoded
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.storage import DayOrder, ExposureDecision, LoggerClock
from registry.web.forms.base import SchemaForm
from registry.web.forms.choices import options
from schemas.probes import ExposureIn, ProbeIn, ReadingsIn

_USUAL = T("Leave empty for what is usual at the place’s temperature.")


class ProbeForm(SchemaForm):
    """A probe and what it watches."""

    schema = ProbeIn

    unit = StringField(
        T("Place"), description=T("Scan the label of the room, freezer or tank that it watches.")
    )
    code = StringField(T("Code"), description=T("What its label says, such as SONDE-02."))
    name = StringField(T("Name"))
    serial = StringField(T("Serial number"))
    clock_zone = SelectField(
        T("Its clock"),
        choices=options(LoggerClock),
        default=LoggerClock.PARIS.value,
        description=T("Used where a file does not say its zone."),
    )
    lowest = StringField(T("Lowest temperature, °C"), description=_USUAL)
    highest = StringField(T("Highest temperature, °C"), description=_USUAL)
    delay_minutes = StringField(
        T("Counts after, in minutes"), description=T("Shorter times out of the limits do not.")
    )
    step_minutes = StringField(
        T("Longest time between two readings, in minutes"),
        default=str(limits.PROBE_STEP_MINUTES),
        description=T("Longer ones are gaps: out on both sides of one counts as out in it."),
    )


class RetiringForm(SchemaForm):
    """Nothing but the button."""


class ReadingsForm(SchemaForm):
    """A file of a logger; once it was shown, its text goes along with the page."""

    schema = ReadingsIn

    file = FileField(
        T("File of the logger"), description=T("CSV, with a time and a temperature in °C.")
    )
    days = SelectField(
        T("Days such as 03/04"), choices=options(DayOrder, blank=T("As the file shows"))
    )
    readings = HiddenField()
    accept = StringField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.flags.required = True

    def content(self) -> bytes:
        """The file that was sent, else the one that was shown before.

        :raises InvalidInput: there is none, or it is too long.
        """
        sent = self.file.data.read() if self.file.data else b""
        if not sent:
            if not self.cleaned["readings"]:
                raise InvalidInput(T("Choose the file of the logger."), field="file")
            return str(self.cleaned["readings"]).encode()
        if len(sent) > limits.PROBE_FILE_BYTES_MAX:
            raise InvalidInput(
                T(
                    "The file is longer than {most} kB: export a shorter time.",
                    most=limits.PROBE_FILE_BYTES_MAX // 1024,
                ),
                field="file",
            )
        self.readings.data = decoded(sent)[0]
        return bytes(sent)

    @property
    def day_first(self) -> bool | None:
        """Whether days begin with the day; None: nobody said."""
        order = self.cleaned["days"]
        return None if order is None else order is DayOrder.DAY_FIRST


class ExposureForm(SchemaForm):
    """What becomes of samples that an excursion exposed."""

    schema = ExposureIn

    codes = TextAreaField(T("Tubes"), description=T("Scan each tube, or paste a list of codes."))
    everything = BooleanField(T("All tubes that wait here"))
    decision = RadioField(T("Decision"), choices=options(ExposureDecision))
    remark = TextAreaField(
        T("Reason, or the remark that stays with the tube"), description=T("It names nobody.")
    )
    with_children = BooleanField(
        T("With an incident: and everything that was made of them"), default=True
    )
