"""Scans of signed forms: attached, opened for a reason, destroyed with the identity.

A scan shows who the person is: its content is sealed, its name is made of
codes, and seeing it is recorded as a look at an identity.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from registry import audit, documents
from registry.access import Permission, require
from registry.consents.signing import policies
from registry.consents.signing.models import Consent, ConsentProof, ConsentSignatory
from registry.documents.kinds import SUFFIXES, media_type_of
from registry.documents.models import Document
from registry.identity import pace
from registry.identity.reveal import check_discreet
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.queries import with_aliases
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.consent import ProofKind, ProofReason


@transactional
def attach(actor: Actor, consent_id: int, files: Sequence[bytes]) -> Sequence[ConsentProof]:
    """Keep scans or photos of the paper, each page or file on its own.

    :raises InvalidInput: a file is no PDF, JPEG or PNG, is too large, or is another
        participant's scan.
    :raises RuleBroken: the record was corrected, has too many files, or the identity was erased.
    """
    consent = lock_row(Consent, consent_id)
    participant = lock_row(Participant, consent.participant_id)
    require(actor, Permission.CONSENT_RECORD, participant)
    policies.check_takes_proofs(consent, is_corrected(consent), len(files))
    kept = [_attach(actor, consent, content) for content in files]
    audit.record(
        actor,
        AuditTag.CONSENT_PROOF_ATTACHED,
        participant,
        consent=consent.id,
        sha256=[one.sha256 for one in kept],
    )
    return kept


def _attach(actor: Actor, consent: Consent, content: bytes) -> ConsentProof:
    document = keep_paper(content, f"consent-{consent.id}", field="scans")
    _check_is_theirs(document, consent)
    return add(actor, consent, ProofKind.SCAN, document, hashlib.sha256(content).hexdigest())


def add(
    actor: Actor,
    consent: Consent,
    kind: ProofKind,
    document: Document,
    sha256: str,
    text_sha256: str | None = None,
) -> ConsentProof:
    """The row that says which file proves the consent; the caller records and asked leave."""
    proof = ConsentProof(
        kind=kind,
        document=document,
        sha256=sha256,
        text_sha256=text_sha256,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
    )
    consent.proofs.append(proof)
    registry_session.flush()
    return proof


def keep_paper(content: bytes, name: str, *, field: str) -> Document:
    """Keep a scanned paper, sealed, under a name made of codes.

    :raises InvalidInput: it is no PDF, JPEG or PNG, or too large.
    """
    media_type = media_type_of(content)
    if media_type is None:
        raise InvalidInput(
            T("This is no whole PDF, JPEG or PNG file. Scan the paper again."), field=field
        )
    if len(content) > limits.SCAN_BYTES_MAX:
        raise InvalidInput(
            T("The file is larger than {most} MB. Scan with fewer dots or in several files.",
              most=limits.SCAN_BYTES_MAX // 2**20),
            field=field,
        )  # fmt: skip
    return documents.keep(
        documents.put(content), name=f"{name}.{SUFFIXES[media_type]}", media_type=media_type
    )


def _check_is_theirs(document: Document, consent: Consent) -> None:
    """One paper proves what one person signed; somebody else’s is a slip of the scanner.

    :raises InvalidInput: the file is on record for another participant, or here already.
    """
    rows = registry_session.execute(
        sa.select(ConsentProof.consent_id, Consent.participant_id)
        .join(Consent)
        .where(ConsentProof.document_id == document.id)
    ).all()
    own = set(registry_session.scalars(with_aliases(consent.participant_id)))
    if any(row.participant_id not in own for row in rows):
        raise InvalidInput(
            T("This very file is another participant’s scan. Check which paper you scanned."),
            field="scans",
        )
    if any(row.consent_id == consent.id for row in rows):
        raise InvalidInput(T("This file is attached already."), field="scans")


def carry_over(actor: Actor, wrong: Consent, corrected: Consent) -> None:
    """Let the record that corrects another have the same papers: they were signed once."""
    for one in wrong.proofs:
        add(actor, corrected, one.kind, one.document, one.sha256, one.text_sha256)


def is_corrected(consent: Consent) -> bool:
    """Whether a later record corrects this one."""
    found = sa.select(Consent.id).where(Consent.supersedes_id == consent.id)
    return registry_session.scalar(found) is not None


@transactional
def look(
    actor: Actor, consent_id: int, *, kind: ProofReason, reason: str
) -> Sequence[ConsentProof]:
    """The proofs of a consent, to be shown; who looked and why is recorded before.

    :raises NotPermitted: the actor may not see scans at this site.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises RuleBroken: there is no scan, or it was destroyed.
    :raises TooManyAttempts: the actor has looked at too many identities in a short time.
    :raises Unavailable: the vault is closed.
    """
    consent = _found(consent_id)
    participant = consent.participant
    require(actor, Permission.CONSENT_PROOF_READ, participant)
    policies.check_can_be_opened(consent)
    reason = policies.checked_reason(reason)
    pace.check(actor, pace.LOOKS, participant)
    check_discreet(actor, participant.person_uid, reason)
    audit.record(
        actor,
        AuditTag.CONSENT_PROOF_OPENED,
        participant,
        reason=reason,
        kind=kind,
        consent=consent.id,
        persons=[participant.person_uid],
    )
    return consent.proofs


def content(actor: Actor, consent_id: int, proof_id: int) -> tuple[Document, bytes]:
    """One file of a consent, of which a `look` has been recorded.

    :raises NotPermitted: the actor may not see scans at this site.
    :raises NotFound: the consent has no such file.
    :raises Unavailable: it cannot be read back whole and unchanged.
    """
    consent = _found(consent_id)
    require(actor, Permission.CONSENT_PROOF_READ, consent.participant)
    policies.check_can_be_opened(consent)
    for one in consent.proofs:
        if one.id == proof_id:
            return one.document, documents.get(one.document.ref)
    raise NotFound(T("The consent has no such file."))


@transactional
def hand_copy(actor: Actor, consent_id: int) -> tuple[Document, bytes]:
    """The PDF of what was just signed on the screen, for the participant to keep.

    Only who recorded it hands it over; anybody else opens it as any proof.

    :raises NotFound: the actor recorded no such consent on the screen.
    :raises RuleBroken: the identity was erased.
    """
    consent = _found(consent_id)
    require(actor, Permission.CONSENT_RECORD, consent.participant)
    policies.check_can_be_opened(consent)
    for one in consent.proofs:
        if one.kind is ProofKind.SCREEN and one.recorded_by_id == actor.id:
            audit.record(
                actor, AuditTag.CONSENT_COPY_HANDED, consent.participant, consent=consent.id
            )
            return one.document, documents.get(one.document.ref)
    raise NotFound(T("The consent has no such file."))


def _found(consent_id: int) -> Consent:
    consent = registry_session.get(Consent, consent_id)
    if consent is None:
        raise NotFound(T("The participant has no such consent."))
    return consent


def papers_of(person_uids: Collection[str]) -> Sequence[Document]:
    """Every file that proves a consent of these persons, or somebody’s right to sign for them.

    A file that serves somebody else whose identity is known is not among them.
    """
    own = registry_session.scalars(
        sa.select(Participant.id).where(Participant.person_uid.in_(person_uids))
    ).all()
    theirs = set(_papers(Consent.participant_id.in_(own)))
    others = sa.and_(
        sa.or_(
            ConsentProof.document_id.in_(theirs),
            ConsentSignatory.authority_document_id.in_(theirs),
        ),
        Consent.participant_id.not_in(own),
        Participant.identity_erased_on.is_(None),
    )
    return registry_session.scalars(
        sa.select(Document)
        .where(Document.id.in_(theirs - set(_papers(others))))
        .order_by(Document.id)
    ).all()


def _papers(condition: sa.ColumnElement[bool]) -> Iterator[int]:
    rows = registry_session.execute(
        sa.select(ConsentProof.document_id, ConsentSignatory.authority_document_id)
        .select_from(Consent)
        .join(Participant)
        .outerjoin(ConsentProof)
        .outerjoin(ConsentSignatory)
        .where(condition)
    )
    return (document_id for row in rows for document_id in row if document_id is not None)
