"""A dossier in the words of one language: the same sections for the page and for the paper."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.numbers import format_decimal

from registry.dossiers.contents import Dossier, ProjectUse, Tube
from registry.dossiers.models import Opposition
from registry.dossiers.papers import FormSigned
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.labels import label

Translate = Callable[[Message], str]

_DAY = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}


@dataclass(frozen=True)
class Section:
    """A part of the dossier: sentences, or entries under the same headings, each in its words."""

    title: str
    lead: str = ""
    headings: Sequence[str] = ()
    #: One for each entry; a cell may have several lines.
    entries: Sequence[Sequence[str]] = ()
    sentences: Sequence[str] = ()

    def named(self, entry: Sequence[str]) -> Sequence[tuple[str, str]]:
        """The values of an entry with their headings, but for the first, which names it."""
        return list(zip(self.headings, entry, strict=True))[1:]


@dataclass(frozen=True)
class Told:
    """The dossier as it is read."""

    title: str
    code: str
    made_on: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]


class _Teller:
    """Says things in one language."""

    def __init__(self, dossier: Dossier, translate: Translate, language: str) -> None:
        self.dossier = dossier
        self.translate = translate
        self.language = language

    def say(self, value: Message | str | date | None) -> str:
        """A value as it is read; moments by their day in Paris."""
        if value is None:
            return "–"
        if isinstance(value, Message):
            return self.translate(value)
        if isinstance(value, datetime):
            value = clock.to_paris(value).date()
        return value.strftime(_DAY[self.language]) if isinstance(value, date) else value

    def lines(self, *values: Message | str | date | None) -> str:
        """Several values under each other."""
        return "\n".join(self.say(value) for value in values) or "–"

    def told(self) -> Told:
        """The whole dossier."""
        participant = self.dossier.participant
        return Told(
            title=self.say(T("What the registry knows of you")),
            code=participant.shown_code,
            made_on=self.say(self.dossier.made_at),
            facts=[(self.say(name), self.say(value)) for name, value in self._facts()],
            sections=list(self._sections()),
        )

    def _facts(self) -> Iterator[tuple[Message, Message | str | date | None]]:
        participant = self.dossier.participant
        yield T("Your code in the registry"), participant.shown_code
        yield T("Cohort"), participant.cohort.name
        yield T("Site"), participant.site.name
        yield T("Included on"), participant.included_on
        yield T("Birth year"), str(participant.birth_year or "–")
        yield T("Sex"), label(participant.sex)
        yield T("Diagnosis"), participant.diagnosis_code
        for system, code in self.dossier.sources:
            yield T("Number in {system}", system=system), code
        if self.dossier.visits:
            yield (
                T("Visits"),
                self.lines(
                    *(f"{self.say(day)} {name or ''}".strip() for day, name in self.dossier.visits)
                ),
            )

    def _sections(self) -> Iterator[Section]:
        yield from self._allowed()
        yield from self._signed()
        yield self._withdrawn()
        if self.dossier.oppositions:
            yield self._opposed()
        yield self._samples()
        yield self._projects()
        yield self._looks()
        yield self._sentences(T("How long it is kept"), _KEPT)
        yield self._sentences(T("Your rights, and whom to address"), self._rights())

    def _section(
        self,
        title: Message,
        lead: Message,
        headings: Sequence[Message],
        entries: Sequence[Sequence[Message | str | date | None]],
        nothing: Message,
    ) -> Section:
        return Section(
            title=self.say(title),
            lead=self.say(lead),
            headings=[self.say(heading) for heading in headings],
            entries=[[self.say(cell) for cell in entry] for entry in entries],
            sentences=[] if entries else [self.say(nothing)],
        )

    def _sentences(self, title: Message, sentences: Sequence[Message]) -> Section:
        return Section(title=self.say(title), sentences=[self.say(one) for one in sentences])

    def _allowed(self) -> Iterator[Section]:
        yield self._section(
            T("What your consent allows today"),
            T("Each time before a sample or a datum is used, the registry asks anew."),
            (T("Use"), T("Today"), T("Why")),
            [
                (label(use), label(found.verdict), found.reason)
                for use, found in self.dossier.uses.items()
            ],
            T("Nothing is allowed."),
        )

    def _signed(self) -> Iterator[Section]:
        if not self.dossier.forms:
            yield self._sentences(T("What you signed"), [T("No form is on record.")])
        for form in self.dossier.forms:
            yield self._form(form)

    def _form(self, form: FormSigned) -> Section:
        title = T("Signed: {title}, version {version}", title=form.title, version=form.version)
        lead = [
            T("Signed on {day}.", day=self.say(form.signed_on)),
            T("Informed on {day}.", day=self.say(form.informed_on)),
            T("Explained in: {language}.", language=label(form.language)),
            T("How it reached the registry: {channel}.", channel=label(form.channel)),
            T("The signed form itself is kept, sealed.")
            if form.has_proof
            else T("No scan of the signed form is kept."),
        ]
        if form.is_corrected:
            lead.insert(0, T("This record was wrong and has been corrected since."))
        lead += [T("Signed by – {who}.", who=who) for who in form.signed_by]
        return Section(
            title=self.say(title),
            lead=" ".join(map(self.say, lead)),
            headings=[self.say(T("Question")), self.say(T("Answer"))],
            entries=[
                (
                    one.text,
                    self.lines(
                        one.answer,
                        *(
                            [T("for {count} months from then on", count=one.valid_months)]
                            if one.valid_months
                            else []
                        ),
                    ),
                )
                for one in form.answers
            ],
        )

    def _withdrawn(self) -> Section:
        return self._section(
            T("What you took back or opposed"),
            T("It holds from the day named on, and never runs out; a new consent alone lifts it."),
            (T("From"), T("What"), T("What is done"), T("How")),
            [
                (
                    one.effective_on,
                    self.lines(*one.what),
                    self.lines(*one.effects),
                    label(one.channel),
                )
                for one in self.dossier.withdrawals
            ],
            T("Nothing was taken back."),
        )

    def _opposed(self) -> Section:
        return self._section(
            T("What you opposed from home, and our answer"),
            T("It has held since you sent it, whether or not somebody has confirmed it yet."),
            (T("Sent on"), T("You also asked for"), T("State"), T("Our answer")),
            [
                (one.asked_at, self.lines(*_wishes(one)), label(one.state), one.answer)
                for one in self.dossier.oppositions
            ],
            T("Nothing was taken back."),
        )

    def _samples(self) -> Section:
        return self._section(
            T("Your samples"),
            T("What is kept, how much is left, and where it is."),
            (T("Tube"), T("Type"), T("Collected"), T("Left"), T("Where"), T("Since"),
             T("Taken out")),
            [self._tube(one) for one in self.dossier.tubes],
            T("No sample of yours is in the registry."),
        )  # fmt: skip

    def _tube(self, tube: Tube) -> Sequence[Message | str | date | None]:
        left = format_decimal(tube.remaining, locale=self.language, decimal_quantization=False)
        taken_out = [
            T("{day}: {reason}", day=self.say(at), reason=label(why)) if why else at
            for at, why in tube.taken_out
        ]
        return (
            tube.code,
            label(tube.sample_type),
            tube.collected_at,
            f"{left} {self.say(label(tube.unit))}",
            tube.where,
            tube.since,
            self.lines(*taken_out),
        )

    def _projects(self) -> Section:
        return self._section(
            T("Projects that received your data or samples, and who received them"),
            T("Under a code made for each project; never with your name."),
            (T("Project"), T("Purpose"), T("Recipient"), T("Prepared on"), T("Handed over on")),
            [self._project(one) for one in self.dossier.projects],
            T("Neither data nor samples of yours were given to a project."),
        )

    def _project(self, one: ProjectUse) -> Sequence[Message | str | date | None]:
        handed_over: list[Message | str | date | None] = list(one.handed_over_at)
        if not handed_over:
            handed_over = [T("Not handed over")]
        if one.recalled_at:
            handed_over.append(T("Recalled on {day}", day=self.say(one.recalled_at)))
        return (
            self.lines(one.title, one.number, *self._samples_sent(one)),
            one.purpose,
            f"{one.recipient} ({one.country})",
            one.prepared_at,
            self.lines(*handed_over),
        )

    def _samples_sent(self, one: ProjectUse) -> Sequence[Message]:
        return [T("Samples: {count}", count=one.samples)] if one.samples else []

    def _looks(self) -> Section:
        return self._section(
            T("Who saw who you are"),
            T("People of the staff are named by function and site: they acted for the institute, "
              "and have rights of their own."),
            (T("When"), T("Function"), T("Site"), T("What was done"), T("What for")),
            [(one.at, one.function, one.site, one.what, one.why) for one in self.dossier.looks],
            T("Since your inclusion, nobody has looked at your identity."),
        )  # fmt: skip

    def _rights(self) -> Sequence[Message]:
        return [
            T(
                "Write to the data protection officer, or to the research team, of {site}, and "
                "name your code. You get an answer within a month.",
                site=self.dossier.participant.site.name,
            ),
            *_RIGHTS,
        ]


_KEPT = (
    T("Samples and data are kept as long as your cohort is followed and your consent holds."),
    T("Consents, withdrawals and the record of who did what are kept as proof, under your code."),
    T("Your identity is kept apart, sealed, and can be erased at your request."),
)
_RIGHTS = (
    T("You may have what is wrong corrected, have processing restricted, and get a copy."),
    T("You may change your mind at any time, in whole or in part, without giving a reason and "
      "without consequence for your care."),
    T("You may have your identity erased; what research has already used may have to be kept "
      "where erasing it would make the research impossible."),
    T("You may complain to the supervisory authority; in France, the CNIL (www.cnil.fr)."),
    T("No decision about you is made by a machine alone."),
)  # fmt: skip


def _wishes(one: Opposition) -> Sequence[Message | None]:
    wishes: list[Message | None] = []
    if one.wants_destruction:
        wishes.append(label(WithdrawalEffect.DESTROY_SAMPLES))
    if one.wants_erasure:
        wishes.append(label(WithdrawalEffect.ERASE_DATA))
    return wishes or [None]


def tell(dossier: Dossier, *, translate: Translate, language: str) -> Told:
    """The dossier in one language."""
    return _Teller(dossier, translate, language).told()
