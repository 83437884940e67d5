"""No identifying value is in any file of the databases (security requirement 1)."""

import base64

import pytest

from registry.identity import service
from registry.vocab.identity import ReviewOutcome
from tests.factories.identity import make_person

CANARIES = ["Zwierzynska", "Kunigunde", "Ouagadougou", "20314", "Trincomalee", "8675309", "Quetzal"]


def shapes(value: str) -> list[bytes]:
    """The value as it might lie in a file."""
    spellings = {value, value.upper(), value.lower()}
    plain = [one.encode(code) for one in spellings for code in ("utf-8", "utf-16-le")]
    inner = [base64.b64encode(one.encode()).rstrip(b"=")[:-1] for one in spellings]
    return [*plain, *inner, *(one.encode().hex().encode() for one in spellings)]


def test_a_whole_life_leaves_no_name_behind(app, actors, settings, request):
    if request.config.getoption("--engine") != "sqlite":
        pytest.skip("the files are those of the embedded database")
    nurse = actors.nurse
    canary = {
        "birth_name": "Zwierzynska",
        "given_names": "Kunigunde",
        "used_name": "Quetzal",
        "birth_place": "Ouagadougou",
        "postal_code": "20314",
        "town": "Trincomalee",
    }
    known = make_person(nurse, number="8675309", **canary)
    doubt = make_person(nurse, number="8675310", **{**canary, "given_names": "Hildegard"})
    service.search(nurse, traits=service.reveal(nurse, known.person_uid, reason="appel").traits)
    service.compare(nurse, doubt.reviews[0], reason="deux dossiers")
    service.decide_review(nurse, doubt.reviews[0], ReviewOutcome.SAME)

    files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in files)
    for path in files:
        content = path.read_bytes()
        for value in CANARIES:
            for shape in shapes(value):
                assert shape not in content, f"{value} lies in {path.name}"
