"""The chain-of-custody form: every act on a sample, on paper, from its collection on.

The verification code is a digest of the record itself, independent of the
language and of the printing: two forms with one code say the same.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from registry import typeset
from registry.custody.queries import ChainLine, Kin, SamplePage
from registry.custody.wording import held_by, remarks
from registry.kernel import clock
from registry.kernel.codes import participant
from registry.kernel.messages import Bilingual, Message, T
from registry.vocab.custody import ActKind
from registry.vocab.labels import label
from registry.vocab.samples import ContainerType, SampleType, Unit

Translate = Callable[[Message], str]

_MOMENT = {"fr": "%d/%m/%Y %H:%M", "en": "%d %b %Y %H:%M"}


@dataclass(frozen=True)
class Place:
    """Who or what held the sample, and at which site."""

    name: str | Message
    site: str = ""


@dataclass(frozen=True)
class Act:
    """One act as the form shows it; `sample_code` tells the sample from its ancestors."""

    sample_code: str
    #: Of a defined act, what it was called when it was done.
    kind: ActKind | Bilingual
    #: None: nobody knows.
    happened_at: datetime | None
    recorded_at: datetime
    person: str
    before: Place | None
    after: Place
    notes: Sequence[str | Message] = ()


@dataclass(frozen=True)
class Relative:
    """A sample of the family: how far below the first ancestor, and whether it is this one."""

    code: str
    sample_type: SampleType
    depth: int
    is_subject: bool = False


@dataclass(frozen=True)
class Chain:
    """All that the form says about one sample."""

    code: str
    sample_type: SampleType
    container_type: ContainerType
    participant: str
    collected_at: datetime | None
    remaining: Decimal
    unit: Unit
    holder: Place
    family: Sequence[Relative]
    acts: Sequence[Act]


@dataclass(frozen=True)
class Printing:
    """How a form is printed: the language, by whom and when."""

    translate: Translate
    language: str
    printed_by: str
    printed_at: datetime = field(default_factory=clock.now)

    def words(self, value: str | Message) -> str:
        """The text as the reader of this form reads it."""
        return self.translate(value) if isinstance(value, Message) else value

    def moment(self, value: datetime | None) -> str:
        """A moment on the Paris wall clock."""
        return "" if value is None else clock.to_paris(value).strftime(_MOMENT[self.language])

    def number(self, value: Decimal) -> str:
        """A quantity with the language's decimal sign."""
        plain = format(value, "f")
        return plain.replace(".", ",") if self.language == "fr" else plain


def chain_of(tube: SamplePage, lines: Sequence[ChainLine]) -> Chain:
    """What the form says about one sample.

    What was done to an ancestor after this sample was taken from it belongs to
    the ancestor's own form.
    """
    sample = tube.sample
    own = [line for line in lines if not line.is_after_separation]
    numbers = {(line.sample_code, line.seq): number for number, line in enumerate(own, start=1)}
    return Chain(
        code=sample.code,
        sample_type=sample.sample_type,
        container_type=sample.container_type,
        participant=participant.show(sample.participant_code),
        collected_at=sample.collected_at,
        remaining=sample.remaining,
        unit=sample.unit,
        holder=Place(held_by(sample.status, sample.place), own[-1].site),
        family=_family(tube.kin, _generations(tube.kin), is_subject=True),
        acts=[_act_of(line, numbers) for line in own],
    )


def _generations(kin: Kin) -> int:
    """How many there are above, at most."""
    return max((1 + _generations(parent) for parent in kin.parents), default=0)


def _family(kin: Kin, depth: int, *, is_subject: bool = False) -> list[Relative]:
    """The sample after those that it was made of, each one generation further to the left."""
    above = [one for parent in kin.parents for one in _family(parent, depth - 1)]
    return [*above, Relative(kin.sample.code, kin.sample.sample_type, depth, is_subject)]


def _act_of(line: ChainLine, numbers: Mapping[tuple[str, int], int]) -> Act:
    before = None
    if line.holder_before is not None and line.place_before is not None:
        before = Place(held_by(line.holder_before, line.place_before), line.site_before or "")
    notes = list(remarks(line))
    if line.corrects_seq is not None:
        undone = numbers[line.sample_code, line.corrects_seq]
        notes.append(T("Undoes act no. {number}", number=undone))
    if line.corrected_by_seq is not None:
        undoing = numbers[line.sample_code, line.corrected_by_seq]
        notes.append(T("Undone by act no. {number}", number=undoing))
    return Act(
        sample_code=line.sample_code,
        kind=line.kind if line.definition is None else line.definition.name,
        happened_at=line.happened_at if line.is_time_known else None,
        recorded_at=line.recorded_at,
        person=line.actor,
        before=before,
        after=Place(held_by(line.holder_after, line.place), line.site),
        notes=notes,
    )


def verification_code(chain: Chain) -> str:
    """SHA-256 of the record in one canonical writing, whatever the language."""
    canonical = json.dumps(
        asdict(chain), default=_canonical, ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def custody_form(chain: Chain, printing: Printing) -> bytes:
    """The form as a tagged PDF (PDF/UA-1), A4, in one language."""
    data = {
        "language": printing.language,
        "words": {name: printing.translate(words) for name, words in _WORDS.items()},
        "symbol": typeset.data_matrix(chain.code),
        "facts": _facts(chain, printing),
        "family": [_relative(one, printing) for one in chain.family],
        "acts": [_act(number, one, printing) for number, one in enumerate(chain.acts, start=1)],
        "verification": verification_code(chain),
        "printed": printing.translate(
            T(
                "Printed on {moment} by {person}",
                moment=printing.moment(printing.printed_at),
                person=printing.printed_by,
            )
        ),
    }
    return typeset.pdf("registry.custody", "custody_form", data, moment=printing.printed_at)


_WORDS: dict[str, Message] = {
    "title": T("Chain-of-custody form"),
    "sample": T("Sample"),
    "genealogy": T("Genealogy"),
    "acts": T("Acts, from collection on"),
    "number": T("No."),
    "when": T("When"),
    "tube": T("Tube"),
    "act": T("Act"),
    "who": T("By whom"),
    "movement": T("From → to"),
    "where": T("Site"),
    "reason": T("Reason and remarks"),
    "this_sample": T("this sample"),
    "handed_over": T("Handed over by"),
    "received": T("Received by"),
    "signature": T("Name, date and time, signature"),
    "verification": T("Verification code"),
    "page": T("Page"),
    "none": T("No act is recorded."),
}


def _facts(chain: Chain, printing: Printing) -> list[list[str]]:
    """Name and value of what identifies the sample."""
    say = printing.words
    remaining = f"{printing.number(chain.remaining)} {say(label(chain.unit))}"
    facts: list[tuple[Message, str]] = [
        (T("Sample code"), chain.code),
        (T("Type"), f"{chain.sample_type.value} · {say(label(chain.sample_type))}"),
        (T("Container"), say(label(chain.container_type))),
        (T("Participant"), chain.participant),
        (T("Collected on"), printing.moment(chain.collected_at)),
        (T("Remaining quantity"), remaining),
        (T("Held by"), say(chain.holder.name)),
        (T("Site"), chain.holder.site),
    ]
    return [[say(name), value or "–"] for name, value in facts]


def _relative(relative: Relative, printing: Printing) -> dict[str, Any]:
    return {
        "code": relative.code,
        "kind": printing.words(label(relative.sample_type)),
        "depth": relative.depth,
        "subject": relative.is_subject,
    }


def _act(number: int, act: Act, printing: Printing) -> dict[str, Any]:
    before = "" if act.before is None else printing.words(act.before.name)
    after = printing.words(act.after.name)
    return {
        "number": str(number),
        "when": printing.moment(act.happened_at),
        "recorded": _recorded_later(act, printing),
        "tube": act.sample_code,
        "kind": printing.words(label(act.kind) if isinstance(act.kind, ActKind) else act.kind),
        "who": act.person,
        "stays": before == after,
        "before": before,
        "after": after,
        "where": act.after.site,
        "remarks": [printing.words(note) for note in act.notes],
    }


def _recorded_later(act: Act, printing: Printing) -> str:
    """When the act was written down, if that was not on the day when it happened."""
    done = act.happened_at
    if done is not None and clock.to_paris(done).date() == clock.to_paris(act.recorded_at).date():
        return ""
    return printing.translate(T("recorded {moment}", moment=printing.moment(act.recorded_at)))
