"""Importing tubes and aliquots that exist, each drawn from its parent's ledger."""

from collections.abc import Callable
from pathlib import Path

from registry.access import Permission, require
from registry.consents import decision
from registry.custody import service as custody
from registry.imports.reading import Row, read
from registry.imports.report import Outcome, Progress, problems_of, take_in_parts
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import Message, T
from registry.participants import queries as participants
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Use
from registry.vocab.samples import ContainerType
from schemas.imports import SAMPLE_HEADINGS, SAMPLE_REQUIRED, SampleValues, sample_values

#: Where custody and the file name the same value differently.
_FIELDS = {"volume": "volume_ml", "participant_id": "participant_source"}


def import_samples(
    actor: Actor, path: Path, *, source: str, started: Callable[[int], Progress]
) -> Outcome:
    """Take the tubes of the file at `path`, parents before their children.

    `source` names the system that numbered the participants.  A tube that is
    known with the same facts changes nothing; the same code with other facts is
    refused.  A tube is taken without a consent on file, because it exists, and
    counted; nothing may use it until one is recorded.

    :raises InvalidInput: the file as a whole cannot be understood.
    :raises NotPermitted: the actor may not import.
    """
    require(actor, Permission.IMPORT_RUN)
    table = read(path, SAMPLE_HEADINGS, required=SAMPLE_REQUIRED)
    outcome = Outcome(table)
    people: dict[str, int | None] = {}

    def take(rows: list[tuple[Row, SampleValues]]) -> None:
        tubes: list[tuple[Row, custody.Existing]] = []
        for row, values in rows:
            try:
                tubes.append((row, _tube(actor, values, source, people)))
            except DomainError as error:
                outcome.refuse(row, problems_of(error))
        _register(actor, outcome, tubes)

    take_in_parts(
        actor,
        AuditTag.SAMPLES_IMPORTED,
        outcome,
        lambda row: sample_values(row.values),
        take,
        at_once=limits.IMPORT_ROWS_AT_ONCE,
        site_id=None,
        progress=started(len(table.rows)),
    )
    return outcome


def _tube(
    actor: Actor, values: SampleValues, source: str, people: dict[str, int | None]
) -> custody.Existing:
    """The row as custody takes it.

    :raises InvalidInput: nobody is known under the number.
    """
    number = values["participant_source"]
    if number not in people:
        found = participants.find_by_source(actor, system=source, source_code=number)
        people[number] = None if found is None else found.id
    participant_id = people[number]
    if participant_id is None:
        raise InvalidInput(
            T("No participant is known under this number. Import the participants first."),
            field="participant_source",
        )
    return custody.Existing(
        code=values["code"],
        participant_id=participant_id,
        sample_type=values["sample_type"],
        container_type=values["container_type"] or ContainerType.UNKNOWN,
        volume=values["volume_ml"],
        collected_at=values["collected_at"],
        received_at=values["received_at"],
        centrifuged_at=values["centrifuged_at"],
        frozen_at=values["frozen_at"],
        parent_code=values["parent_code"],
        box_code=values["box_code"],
        cell=values["cell"],
    )


def _register(actor: Actor, outcome: Outcome, tubes: list[tuple[Row, custody.Existing]]) -> None:
    """Hand the tubes to custody, and count what became of each."""
    became = custody.register_existing(actor, [tube for _row, tube in tubes])
    taken: list[int] = []
    for (row, tube), result in zip(tubes, became, strict=True):
        if result.refusal is not None:
            outcome.refuse(row, _renamed(result.refusal))
        elif result.is_new:
            outcome.counts["accepted"] += 1
            taken.append(tube.participant_id)
        else:
            outcome.counts["already"] += 1
    stored = decision.decide_many(set(taken), Use.STORE, clock.today())
    outcome.counts["without_consent"] += sum(not stored[one].is_allowed for one in taken)


def _renamed(refusal: DomainError) -> list[tuple[str | None, Message]]:
    """The refusal's problems under the names that the file's columns have."""
    return [
        (_FIELDS.get(name, name) if name else None, reason) for name, reason in problems_of(refusal)
    ]
