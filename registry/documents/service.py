"""Naming a stored file in the registry."""

import sqlalchemy as sa

from registry.documents.models import Document
from registry.documents.store import Stored
from registry.kernel import clock
from registry.persistence import registry_session, transactional


@transactional
def keep(stored: Stored, *, name: str, media_type: str) -> Document:
    """The row of a file that is already safe in the store.

    The same content is one file and one row, whoever keeps it and how often.
    Leave is asked, and the keeping recorded, by whoever knows what the file is.

    `name` is made up by the registry, from codes; what a person called the file
    on their machine may name a patient.
    """
    known = registry_session.scalar(sa.select(Document).where(Document.ref == stored.ref))
    if known is not None:
        return known
    document = Document(
        ref=stored.ref,
        size=stored.size,
        media_type=media_type,
        name=name,
        kept_at=clock.now(),
    )
    registry_session.add(document)
    registry_session.flush()
    return document
