"""Importing consents that exist on paper, with their scans, or that another system tells in FHIR.

A consent that is known with the same answers changes nothing; with other
answers it is refused: somebody has to look at the paper.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from registry.access import Permission, require
from registry.consents.exchange import reading as fhir
from registry.consents.signing import proofs, queries as consents, service as signing
from registry.consents.signing.models import Consent
from registry.consents.signing.parties import ON_AUTHORITY, Signatory
from registry.consents.signing.service import SignedForm
from registry.consents.templates import queries as templates
from registry.consents.templates.models import ConsentTemplate
from registry.imports.people import named
from registry.imports.reading import Row, read
from registry.imports.report import Outcome, Progress, problems_of, take_in_parts
from registry.imports.scans import Scans, opened
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.persistence import unit_of_work
from registry.persistence.unit_of_work import savepoint
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Answer, Audience, Channel, Language, SignatoryRole
from schemas.consent_imports import (
    CONSENT_REQUIRED,
    ConsentValues,
    consent_values,
    headings_with,
)


def import_consents(
    actor: Actor, path: Path, *, scans: Path | None, started: Callable[[int], Progress]
) -> Outcome:
    """Take the consents of the CSV file at `path`, with the scans that it names in the ZIP `scans`.

    :raises InvalidInput: the file or the archive as a whole cannot be understood.
    :raises NotPermitted: the actor may not import.
    """
    require(actor, Permission.IMPORT_RUN)
    items = {item.code for template in templates.every() for item in template.items}
    table = read(path, headings_with(items), required=CONSENT_REQUIRED)
    outcome = Outcome(table)
    with opened(scans) as archive:

        def take(rows: Sequence[tuple[Row, ConsentValues]]) -> None:
            for row, values in rows:
                try:
                    with savepoint():
                        became = _take(actor, _coming(values, archive))
                    outcome.counts[became] += 1
                except DomainError as error:
                    outcome.refuse(row, problems_of(error))

        take_in_parts(
            actor,
            AuditTag.CONSENTS_IMPORTED,
            outcome,
            lambda row: consent_values(row.values),
            take,
            at_once=limits.IMPORT_ROWS_AT_ONCE,
            site_id=None,
            progress=started(len(table.rows)),
        )
        outcome.counts["unused_scans"] = archive.unused
    return outcome


@dataclass
class Told:
    """What became of the resources of a FHIR file, each by its number from 1."""

    counts: dict[str, int] = field(default_factory=lambda: {"accepted": 0, "already": 0})
    refusals: list[tuple[int, DomainError]] = field(default_factory=list)


def import_fhir(actor: Actor, path: Path) -> Told:
    """Take the FHIR R4 Consent resources of a file: a Bundle, one resource, or one on each line.

    :raises InvalidInput: the file as a whole is no FHIR.
    :raises NotPermitted: the actor may not import.
    """
    require(actor, Permission.IMPORT_RUN)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(T("A FHIR file is encoded in UTF-8; this one is not.")) from None
    told = Told()
    for number, resource in enumerate(fhir.resources(text), start=1):
        try:
            with unit_of_work():
                told.counts[_take(actor, _from_fhir(fhir.read(resource)))] += 1
        except DomainError as error:
            told.refusals.append((number, error))
    return told


@dataclass(frozen=True)
class _Coming:
    """A consent on its way in."""

    participant: str
    form: str
    version: int
    language: Language
    signed_on: date
    information_given_on: date | None
    channel: Channel
    explained_in: Language | None
    answers: Mapping[str, Answer]
    signatories: Sequence[Signatory] = ()
    scans: Sequence[bytes] = ()


def _coming(values: ConsentValues, archive: Scans) -> _Coming:
    return _Coming(
        participant=values["participant"],
        form=values["form"],
        version=values["version"],
        language=values["language"],
        signed_on=values["signed_on"],
        information_given_on=values["information_given_on"],
        channel=values["channel"],
        explained_in=None,
        answers=values["answers"],
        signatories=[_signatory(role, values, archive) for role in values["signed_by"]],
        scans=[archive.read(name, field="scans") for name in values["scans"]],
    )


def _signatory(role: SignatoryRole, values: ConsentValues, archive: Scans) -> Signatory:
    if role not in ON_AUTHORITY:
        alone = values["alone_reason"] if role is SignatoryRole.PARENT else None
        return Signatory(role, alone_reason=alone)
    paper = values["authority_file"]
    return Signatory(
        role,
        paper=archive.read(paper, field="authority_file") if paper else None,
        authority_from=values["authority_from"],
        authority_to=values["authority_to"],
    )


def _from_fhir(told: fhir.Incoming) -> _Coming:
    return _Coming(
        participant=told.participant_code,
        form=told.template_code,
        version=told.version,
        language=told.template_language,
        signed_on=told.signed_on,
        information_given_on=told.information_given_on,
        # What another system had signed on its screen is a record taken over here.
        channel=Channel.IMPORT if told.channel is Channel.SCREEN else told.channel,
        explained_in=told.explained_in,
        answers=told.answers,
        signatories=told.signatories,
    )


def _take(actor: Actor, coming: _Coming) -> str:
    """Record one consent; under which number it is counted."""
    participant = named(actor, coming.participant)
    template = templates.find(coming.form, coming.version, coming.language)
    if template is None:
        raise InvalidInput(T("There is no such form."), field="form")
    known = _known(actor, participant, template, coming)
    if known is not None:
        return "already"
    consent = signing.record(
        actor,
        participant.id,
        SignedForm(
            template_id=template.id,
            answers=coming.answers,
            signed_on=coming.signed_on,
            channel=coming.channel,
            information_given_on=coming.information_given_on,
            language=coming.explained_in,
            signatories=_said(template, coming.signatories),
        ),
    )
    if coming.scans:
        proofs.attach(actor, consent.id, coming.scans)
    return "accepted"


def _said(template: ConsentTemplate, given: Sequence[Signatory]) -> Sequence[Signatory]:
    """Nobody is named where an adult alone has signed."""
    alone = [one.role for one in given] == [SignatoryRole.SELF]
    return () if alone and template.audience is Audience.ADULT else given


def _known(
    actor: Actor, participant: Participant, template: ConsentTemplate, coming: _Coming
) -> Consent | None:
    """The record of this very form, if there is one with the same answers.

    :raises InvalidInput: there is one with others.
    """
    for consent in consents.of_participant(actor, participant.id):
        is_this = consent.template_id == template.id and consent.signed_on == coming.signed_on
        if not is_this or proofs.is_corrected(consent):
            continue
        if {one.item.code: one.answer for one in consent.answers} != dict(coming.answers):
            raise InvalidInput(
                T(
                    "This form of this day is on record with other answers. Look at the paper, "
                    "and correct the record on the participant’s page."
                ),
                field="signed_on",
            )
        return consent
    return None
