"""What proofs do when an identity is erased: they show who it was, so their content goes too.

`registry.wiring` connects these to the events of ``registry.identity``.
"""

from collections.abc import Collection, Sequence

from registry import audit, documents
from registry.consents.signing.proofs import papers_of
from registry.documents.models import Document
from registry.identity.events import PersonBuried, PersonErased
from registry.persistence import after_commit
from registry.vocab.audit import AuditTag
from registry.vocab.erasure import Destroyed


def on_person_buried(event: PersonBuried) -> None:
    """Say on the certificate how many files will be destroyed."""
    count = len(_held(event.person_uids))
    if count:
        event.destroyed[Destroyed.PROOFS.value] = count


def on_person_erased(event: PersonErased) -> None:
    """Destroy the content of the person's proofs; their rows and digests stay.

    The files go once the erasure is committed.  What a crash or a restored
    backup leaves is destroyed when the erasure is told again.
    """
    held = [one.ref for one in _held([event.person_uid])]
    if not held:
        return
    audit.record(
        event.actor,
        AuditTag.CONSENT_PROOF_DESTROYED,
        f"person:{event.person_uid}",
        files=len(held),
    )
    after_commit(lambda: _destroy(held))


def _destroy(refs: Sequence[str]) -> None:
    for ref in refs:
        documents.destroy(ref)


def _held(person_uids: Collection[str]) -> Sequence[Document]:
    return [one for one in papers_of(person_uids) if documents.holds(one.ref)]
