"""The certificate on paper: complete, and naming nobody."""

import io

import pypdf
import pytest

from registry.identity.erasure import queries
from registry.identity.erasure.certificate import certificate
from registry.kernel.errors import NotFound, NotPermitted
from registry.kernel.messages import Message
from tests.factories.identity import erase_person, make_person


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join("".join(page.extract_text().replace("\u200b", "") for page in pages).split())


def printed(found: queries.Certified, language: str = "en") -> bytes:
    return certificate(found, translate=Message.__str__, language=language)


@pytest.fixture
def found(app, actors):
    erased = erase_person(actors, make_person(actors.nurse).person_uid)
    return queries.get(actors.dpo, erased.certificate)


def test_it_says_what_was_destroyed_when_by_whom_and_on_what_ground(found):
    text = text_of(printed(found))

    assert found.erasure.certificate in text
    assert found.erasure.person_uid in text
    assert "art. 17(1)(b)" in text
    assert "Erased by dpo" in text
    assert "Written request of the person" in text
    assert f"Entry no. {found.entry.seq} of the journal" in text
    together = text.replace(" ", "")
    for digest in (*found.erasure.key_digests, found.erasure.digest, found.entry.digest):
        assert digest in together


def test_it_names_nobody(found):
    text = text_of(printed(found)).lower()

    assert not [
        name for name in ("lefèbvre", "durand", "amélie", "0042137", "1962") if name in text
    ]


def test_it_says_whether_the_files_are_clean(found):
    assert "were written anew without them on" in text_of(printed(found))

    waiting = queries.Certified(found.erasure, None, found.entry)
    assert "have not been written anew yet" in text_of(printed(waiting))


def test_it_says_that_the_sources_must_be_told(found):
    text = text_of(printed(found))
    assert "sources that still hold the person must be told" in text


def test_printed_again_it_is_the_same_file(found):
    assert printed(found) == printed(found)
    assert printed(found) != printed(found, "fr")


def test_it_is_accessible(found):
    reader = pypdf.PdfReader(io.BytesIO(printed(found)))

    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_erasures_are_listed_latest_first_for_those_who_may_erase(found, actors):
    other = make_person(actors.nurse, number="5", birth_name="Vasseur", given_names="Odile")
    latest = erase_person(actors, other.person_uid)

    listed = [one.erasure.certificate for one in queries.page(actors.dpo)]
    assert listed == [latest.certificate, found.erasure.certificate]
    assert [
        one.erasure.certificate for one in queries.page(actors.dpo, before=latest.certificate)
    ] == listed[1:]
    with pytest.raises(NotPermitted):
        queries.page(actors.nurse)
    with pytest.raises(NotFound):
        queries.get(actors.dpo, "E-00000000")
