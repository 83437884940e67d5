"""Rows of kept files: one for each content, and never one whose file is not safe."""

import pytest
import sqlalchemy as sa

from registry import documents
from registry.access import Permission, require
from registry.audit import record
from registry.documents.models import Document
from registry.persistence import registry_session, unit_of_work
from registry.vocab.audit import AuditTag
from tests.factories.participants import OPERATOR

pytestmark = pytest.mark.usefixtures("app")


def keep(content: bytes, name: str = "D-2026-0001-1.zip") -> Document:
    with unit_of_work():
        require(OPERATOR, Permission.APPLICATION_READ)
        record(OPERATOR, AuditTag.EXTRACT_PRODUCED, "extract:test")
        return documents.keep(documents.put(content), name=name, media_type="application/zip")


def test_a_kept_file_is_found_by_its_row():
    document = keep(b"the content")

    assert document.size == len(b"the content")
    assert documents.get(document.ref) == b"the content"


def test_the_same_content_has_one_row():
    first, again = keep(b"the same"), keep(b"the same", name="another.zip")

    assert first.id == again.id
    assert registry_session.scalar(sa.select(sa.func.count(Document.id))) == 1


def test_what_is_undone_leaves_at_most_a_file_that_nobody_names():
    def fail() -> None:
        with unit_of_work():
            require(OPERATOR, Permission.APPLICATION_READ)
            documents.keep(documents.put(b"half done"), name="x.zip", media_type="text/plain")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()

    assert registry_session.scalars(sa.select(Document)).all() == []
