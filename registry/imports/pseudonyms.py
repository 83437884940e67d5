"""Importing partners' codes: pairs of a participant's code and the partner's."""

from collections.abc import Callable, Sequence
from pathlib import Path

from registry.access import Permission, require
from registry.identity.pseudonyms import service as pseudonyms
from registry.imports.people import named
from registry.imports.reading import Row, read
from registry.imports.report import Outcome, Progress, problems_of, take_in_parts
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError
from registry.persistence.unit_of_work import savepoint
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from schemas.pseudonyms import (
    PSEUDONYM_HEADINGS,
    PSEUDONYM_REQUIRED,
    PseudonymValues,
    pseudonym_values,
)


def import_pseudonyms(
    actor: Actor, path: Path, *, partner: str, started: Callable[[int], Progress]
) -> Outcome:
    """Record the pairs of the file at `path` as codes of `partner`.

    A pair that is known changes nothing.  A participant's code with a slip in
    it is refused with the one that may be meant: a file is not put right by
    guessing.

    :raises InvalidInput: the file as a whole cannot be understood, or there is no such partner.
    :raises NotPermitted: the actor may not import.
    """
    require(actor, Permission.IMPORT_RUN)
    partner = pseudonyms.partner_named(partner)
    table = read(path, PSEUDONYM_HEADINGS, required=PSEUDONYM_REQUIRED)
    outcome = Outcome(table)

    def take(rows: Sequence[tuple[Row, PseudonymValues]]) -> None:
        for row, values in rows:
            try:
                with savepoint():
                    is_new = _take(actor, values, partner)
                outcome.counts["accepted" if is_new else "already"] += 1
            except DomainError as error:
                outcome.refuse(row, problems_of(error))

    take_in_parts(
        actor,
        AuditTag.PSEUDONYMS_IMPORTED,
        outcome,
        lambda row: pseudonym_values(row.values),
        take,
        at_once=limits.IMPORT_ROWS_AT_ONCE,
        site_id=None,
        progress=started(len(table.rows)),
    )
    return outcome


def _take(actor: Actor, values: PseudonymValues, partner: str) -> bool:
    """Record one pair; whether it was new."""
    participant = named(actor, values["participant"])
    return pseudonyms.add(actor, participant.person_uid, partner=partner, code=values["code"])
