"""What is told of an extract besides its rows: on the pages, and in its manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registry.applications.models import Application
from registry.consents.decision import Obligation
from registry.extracts.archive import Written
from registry.extracts.disclosure import masked
from registry.extracts.eligibility import Exclusion
from registry.extracts.generalise import LADDERS
from registry.extracts.snapshot import Snapshot
from registry.extracts.tables import in_french
from registry.kernel import clock
from registry.kernel.messages import Message
from registry.vocab import limits
from registry.vocab.applications import Variable
from registry.vocab.consent import Use

#: How a number that may not be shown is written in a file.
SMALL = f"< {limits.SMALL_CELL_MIN}"
FORMAT = 1


@dataclass(frozen=True)
class LeftOut:
    """Participants who match and are not in the extract; None stands for fewer than eleven."""

    reason: Message
    participants: int | None


@dataclass(frozen=True)
class Owed:
    """What consents ask in return, as it was said when the extract was made."""

    term: str
    fr: str
    en: str

    @classmethod
    def of(cls, obligation: Obligation) -> "Owed":
        """The obligation in both languages."""
        sentence = obligation.sentence
        return cls(obligation.term.value, in_french(sentence), str(sentence))

    def said(self, language: str) -> str:
        """The sentence in one of the two languages."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True)
class Report:
    """What the registry found when it looked for whom a request is about.

    Numbers are those that may be shown: masked and rounded.
    """

    allowed: int | None
    #: Of these, those who would stand out; nobody at all is no news and is told.
    held_back: int | None
    excluded: tuple[tuple[Exclusion, int | None], ...]
    steps: Mapping[Variable, int]
    k: int
    is_enough: bool
    #: What the consents ask in return: the term, and the sentence in French and English.
    obligations: tuple[Owed, ...] = ()

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Report":
        """What may be told of a snapshot."""
        plan = snapshot.plan
        excluded = sorted(
            snapshot.eligibility.excluded.items(), key=lambda item: (item[0].rule, item[0].use)
        )
        return cls(
            allowed=masked(len(snapshot.eligibility.allowed)),
            held_back=masked(plan.held_back) if plan.held_back else 0,
            excluded=tuple((exclusion, masked(number)) for exclusion, number in excluded),
            steps=plan.steps,
            k=plan.k,
            is_enough=snapshot.is_enough,
            obligations=tuple(map(Owed.of, snapshot.eligibility.obligations)),
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Report":
        """The report that `to_json` gave."""
        return cls(
            allowed=kept["allowed"],
            held_back=kept["held_back"],
            excluded=tuple(
                (Exclusion(Use(use), rule), number) for use, rule, number in kept["excluded"]
            ),
            steps={Variable(name): step for name, step in kept["steps"].items()},
            k=kept["k"],
            is_enough=True,
            obligations=tuple(Owed(**one) for one in kept.get("obligations", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """The form in which an extract keeps it; only what is enough becomes an extract."""
        return {
            "allowed": self.allowed,
            "held_back": self.held_back,
            "excluded": [[one.use.value, one.rule, number] for one, number in self.excluded],
            "steps": {variable.value: step for variable, step in self.steps.items()},
            "k": self.k,
            "obligations": [asdict(one) for one in self.obligations],
        }

    @property
    def left_out(self) -> Sequence[LeftOut]:
        """Those whose consent does not allow the purpose, by reason."""
        return [LeftOut(one.reason, number) for one, number in self.excluded]

    @property
    def coarser(self) -> Mapping[Variable, Message]:
        """The variables that leave coarser than as asked, and how coarse."""
        return {
            variable: LADDERS[variable][step].said for variable, step in self.steps.items() if step
        }


def manifest(
    application: Application,
    report: Report,
    *,
    seq: int,
    participants: int,
    table: Written,
    files: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """What the file says of itself: what for, from whom, how protected, and the digests."""

    def shown(number: int | None) -> int | str:
        return SMALL if number is None else number

    def said(message: Message) -> dict[str, str]:
        return {"fr": in_french(message), "en": str(message)}

    return {
        "format": FORMAT,
        "application": application.number,
        "production": seq,
        "generated_at": clock.now().isoformat(timespec="seconds"),
        "purpose": application.purpose.value,
        "recipient": application.recipient,
        "recipient_kind": application.recipient_kind.value,
        "country": application.country,
        "category": application.category.value,
        "diseases": list(application.diseases),
        "linked_with_other_data": application.links_data,
        "project_ends_on": application.ends_on and application.ends_on.isoformat(),
        "ethics_approval": application.ethics_reference,
        "obligations": [
            {"term": one.term, "sentence": {"fr": one.fr, "en": one.en}}
            for one in report.obligations
        ],
        "criteria": application.asked_criteria,
        "variables": [variable.value for variable in application.variables],
        "participants": participants,
        "samples": table.rows,
        "files": list(files),
        "excluded_by_consent": [
            {"reason": said(left.reason), "participants": shown(left.participants)}
            for left in report.left_out
        ],
        "disclosure": {
            "k": report.k,
            "k_required": limits.SMALL_CELL_MIN,
            "held_back": shown(report.held_back),
            "coarser": {variable.value: said(how) for variable, how in report.coarser.items()},
        },
    }
