"""Forms of the technician's work on samples."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from registry.accounts.models import Site
from registry.accounts.queries import Person
from registry.custody.queries import Listed
from registry.kernel.messages import T
from registry.samples.sprec import Freezing, Spin
from registry.samples.tissue import Handling
from registry.vocab.consent import Consenting, Use
from registry.vocab.custody import PROCESSING, ActKind, HolderKind
from registry.vocab.samples import SampleType, Unit
from registry.vocab.sprec import Ambient, Brake, Vessel
from registry.vocab.storage import ExposureState
from registry.vocab.terms import Vocabulary
from registry.vocab.tissue import Collection, Fixation
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options, rows, terms_of
from schemas.home import ScanIn
from schemas.samples import (
    AliquotIn,
    CheckOutIn,
    ConsumeIn,
    CorrectIn,
    DisposeIn,
    PlaceIn,
    ProcessIn,
    ProposeIn,
    ReceiveIn,
    ReturnIn,
    SampleFilterIn,
    TakeBackIn,
)

_EACH_TUBE = T("Scan each tube: one code on each line. VALIDER sends the list.")
_DAY = T("Such as 12/03/2026.")
_TIMES = T("Times, those of its parents included.")
_UNSAID = T("Not recorded")
_MOMENT = T("Such as 12/03/2026 08:30.")
_NOW = T("Leave empty for now; otherwise such as 12/03/2026 08:30.")


class FindForm(SchemaForm):
    """A tube to find."""

    schema = ScanIn

    code = StringField(T("Tube"), description=T("Scan the tube, or type its code."))


class ParentForm(FindForm):
    """The tube that something is to be done with."""

    code = StringField(T("Parent tube"), description=T("Scan the tube that will be divided."))


class SampleFilterForm(QueryForm):
    """Which samples a list is to show."""

    schema = SampleFilterIn
    #: The criteria about what a sample went through.
    FOLDED = (
        "collected_from", "collected_to", "thaws_from", "thaws_to", "out_minutes_to", "exposure",
        "sprec", "sprec_complete", "delay_minutes_to", "warm_minutes_to", "cold_minutes_to",
    )  # fmt: skip

    sample_type = SelectField(T("Type"), choices=options(SampleType, blank=T("Every type")))
    held = SelectField(T("Where"), choices=options(HolderKind, blank=T("Everywhere")))
    site_id = SelectField(T("Site of collection"))
    cohort_id = SelectField(T("Cohort"))
    use = SelectField(T("Use"), choices=options(Use, blank=T("Any use")))
    consenting = SelectField(T("Consent"), choices=options(Consenting))
    collected_from = StringField(T("Collected from"), description=_DAY)
    collected_to = StringField(T("Collected until"), description=_DAY)
    thaws_from = StringField(T("Thawed at least"), description=_TIMES)
    thaws_to = StringField(T("Thawed at most"), description=_TIMES)
    out_minutes_to = StringField(
        T("Out of the store at most"), description=T("Minutes, all times together.")
    )
    exposure = SelectField(
        T("Temperature"), choices=options(ExposureState, blank=T("It does not matter"))
    )
    sprec = StringField(
        T("SPREC code beginning with"),
        description=T("Such as PL1-PED-A; * stands for any one element."),
    )
    sprec_complete = BooleanField(T("Every element of the SPREC code is known"))
    delay_minutes_to = StringField(
        T("From collection to processing at most"), description=T("Minutes.")
    )
    warm_minutes_to = StringField(T("Warm ischaemia at most"), description=T("Minutes."))
    cold_minutes_to = StringField(T("Cold ischaemia at most"), description=T("Minutes."))

    @property
    def asks_what_it_went_through(self) -> bool:
        """Whether one of the criteria that are folded away is in use, or was refused."""
        return any(self[name].data or self[name].errors for name in self.FOLDED)

    def __init__(self, sites: Iterable[Site], cohorts: Iterable[tuple[int, str]]) -> None:
        super().__init__()
        self.site_id.choices = rows(
            ((site.id, site.name) for site in sites), blank=T("Every site of mine")
        )
        self.cohort_id.choices = rows(cohorts, blank=T("Every cohort"))


class ReceiveForm(SchemaForm):
    """Tubes that have arrived."""

    schema = ReceiveIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    site_id = SelectField(T("Received at"))
    condition = SelectField(T("Condition of these tubes"), choices=terms_of(Vocabulary.CONDITION))
    ambient = SelectField(
        T("Kept since the collection at"), choices=options(Ambient, blank=_UNSAID)
    )
    received_at = StringField(T("When"), description=_NOW)
    collection = SelectField(T("How it was taken"), choices=options(Collection, blank=_UNSAID))
    clamped_at = StringField(T("Blood supply stopped"), description=_MOMENT)
    fixation = SelectField(T("Fixation"), choices=options(Fixation, blank=_UNSAID))
    fixed_at = StringField(T("Fixed at"), description=_MOMENT)
    fixed_until = StringField(T("Fixed until"), description=_MOMENT)
    comment = TextAreaField(T("Comment"))

    _TISSUE = ("collection", "clamped_at", "fixation", "fixed_at", "fixed_until")

    @property
    def handling(self) -> Handling | None:
        """How tissue was taken and fixed; None: nothing was said of it."""
        said = {name: self.cleaned[name] for name in self._TISSUE}
        return Handling(**said) if any(said.values()) else None

    def __init__(self, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = rows((site.id, site.name) for site in sites)


class ProcessForm(SchemaForm):
    """Tubes that were centrifuged or frozen."""

    schema = ProcessIn

    kind = RadioField(T("What was done"), choices=options(PROCESSING))
    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    happened_at = StringField(T("When it began"), description=_NOW)
    minutes = StringField(T("Minutes"), description=T("Of a centrifugation."))
    g = StringField(T("× g"), description=T("Of a centrifugation."))
    brake = SelectField(
        T("Brake"), choices=options(Brake, blank=_UNSAID), description=T("Of a centrifugation.")
    )
    ambient = SelectField(
        T("Temperature"),
        choices=options(Ambient, blank=_UNSAID),
        description=T("In the centrifuge, or until the tubes were frozen."),
    )
    vessel = SelectField(T("Frozen in"), choices=options(Vessel, blank=_UNSAID))
    programmed = BooleanField(T("Frozen by a programme"))
    comment = TextAreaField(T("Comment"))

    _SPIN = ("minutes", "g", "brake", "ambient")

    @property
    def how(self) -> dict[str, Any]:
        """How the tubes were centrifuged, how they were kept until they were frozen, what in."""
        said = {name: self.cleaned[name] for name in self._SPIN if self.cleaned[name] is not None}
        found: dict[str, Any] = {}
        if self.cleaned["vessel"] or self.cleaned["programmed"]:
            found["freezing"] = Freezing(self.cleaned["vessel"], self.cleaned["programmed"])
        if self.cleaned["kind"] is ActKind.FROZEN and said.keys() <= {"ambient"}:
            return found | said
        if "brake" in said:
            said["brake"] = said["brake"] is Brake.ON
        return found | ({"spin": Spin(**said)} if said else {})

    @property
    def usual(self) -> dict[str, str]:
        """How it was done, as it was typed: what the next page begins with."""
        return {name: self[name].data for name in self._SPIN}


class AliquotForm(SchemaForm):
    """The children of one sample."""

    schema = AliquotIn

    volume = StringField(T("Volume of each"))
    unit = SelectField(T("Unit"))
    children = TextAreaField(
        T("Aliquots"),
        description=T(
            "Scan the label of each aliquot. Leave empty to have codes issued and printed."
        ),
    )
    count = StringField(T("Codes to issue"))
    last_volume = StringField(
        T("Volume of the last one"), description=T("When it is not as full as the others.")
    )
    loss = StringField(T("Lost while working"), description=T("Taken from the parent as well."))
    sample_type = SelectField(T("Type"))
    container_type = SelectField(T("Container"))
    at = StringField(T("When"), description=_NOW)
    comment = TextAreaField(T("Comment"))

    def __init__(
        self, parent: Listed, types: Sequence[SampleType], units: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        # What the parent is, its aliquots are, though nobody else is offered that any more.
        self.sample_type.choices = terms_of(
            Vocabulary.SAMPLE_TYPE, among=types, besides=parent.sample_type
        )()
        self.container_type.choices = terms_of(
            Vocabulary.CONTAINER_TYPE, besides=parent.container_type
        )()
        self.unit.choices = terms_of(Vocabulary.UNIT, among=list(units), besides=parent.unit)()


class PlaceForm(SchemaForm):
    """Tubes that go into a box."""

    schema = PlaceIn

    box = StringField(T("Box"), description=T("Scan the label of the box."))
    cell = StringField(
        T("First cell"), description=T("Leave empty to fill the free cells in their order.")
    )
    placements = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    comment = TextAreaField(T("Comment"))


class ProposeForm(SchemaForm):
    """Tubes for which cells are to be reserved."""

    schema = ProposeIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)


class CheckOutForm(SchemaForm):
    """A sample that is handed to a person."""

    schema = CheckOutIn

    to_user_id = SelectField(T("Handed to"))
    reason = RadioField(T("Reason"), choices=terms_of(Vocabulary.CHECKOUT_REASON))
    comment = TextAreaField(T("Comment"), description=T("Such as the study or the analysis."))
    at = StringField(T("When"), description=_NOW)

    def __init__(self, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to_user_id.choices = rows(
            ((person.id, person.name) for person in people), blank=T("Choose a person")
        )


class ConsumeForm(SchemaForm):
    """So much of a sample that was used."""

    schema = ConsumeIn

    volume = StringField(T("How much was used"))
    reason = RadioField(T("Used for"), choices=terms_of(Vocabulary.CHECKOUT_REASON))
    comment = TextAreaField(T("Comment"), description=T("Such as the study or the analysis."))
    at = StringField(T("When"), description=_NOW)


class DisposeForm(SchemaForm):
    """Tubes that were thrown away."""

    schema = DisposeIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    reason = RadioField(
        T("Reason"),
        choices=terms_of(Vocabulary.DISPOSAL_REASON),
        description=T("Not needed for tubes of which all was used."),
    )
    comment = TextAreaField(T("Comment"))
    happened_at = StringField(T("When"), description=_NOW)


class ReturnForm(SchemaForm):
    """A sample that comes back."""

    schema = ReturnIn

    condition = SelectField(T("Condition"), choices=terms_of(Vocabulary.CONDITION))
    remaining = StringField(
        T("Left in it"), description=T("If it was measured: the rest is recorded as used.")
    )
    box = StringField(T("Another box"), description=T("Scan it only if the tube changes place."))
    cell = StringField(T("Cell"), description=T("Leave empty for the next free one."))
    comment = TextAreaField(T("Comment"))
    at = StringField(T("When"), description=_NOW)


class TakeBackForm(SchemaForm):
    """Samples that come back together."""

    schema = TakeBackIn

    codes = TextAreaField(T("Tubes"), description=_EACH_TUBE)
    condition = SelectField(T("Condition of these tubes"), choices=terms_of(Vocabulary.CONDITION))
    comment = TextAreaField(T("Comment"))
    at = StringField(T("When"), description=_NOW)


class CorrectForm(SchemaForm):
    """Why the last act is undone."""

    schema = CorrectIn

    reason = TextAreaField(
        T("Reason"), description=T("Both acts stay in the chain of custody, with this reason.")
    )
