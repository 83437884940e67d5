"""National numbers that nobody has, and statuses of identities."""

from typing import Any

from registry.identity.qualification import queries, retrieval, service
from registry.identity.qualification.retrieval import Retrieval, Returned
from registry.identity.traits import Traits
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab.national import DocumentType, IdentityStatus, Incoherence, NumberKind
from tests.factories.identity import make_traits

#: The commune of the woman of `make_traits`, as INSEE codes it.
BIRTH_PLACE = "42218"


def make_number(
    *, sex: str = "2", year: str = "62", month: str = "04", place: str = "42218", order: str = "123"
) -> str:
    """A number with its key: by default one that fits the woman of `make_traits`."""
    digits = f"{sex}{year}{month}{place}{order}"
    counted = digits.replace("2A", "19", 1) if place.startswith("2A") else digits
    counted = counted.replace("2B", "18", 1) if place.startswith("2B") else counted
    return f"{digits}{97 - int(counted) % 97:02d}"


def coded(**changes: Any) -> Traits:
    """The traits of `make_traits` with a birthplace that is a strict trait."""
    return make_traits(**{"birth_place": BIRTH_PLACE, **changes})


def retrieve(actor: Actor, person_uid: str, **changes: Any) -> Retrieval:
    """Record that the teleservice returned the woman of `coded`."""
    given: dict[str, Any] = {
        "number": make_number(),
        "kind": NumberKind.NIR,
        "returned": coded(),
        "retrieved_on": clock.today(),
        "if_incoherent": Incoherence.ASK,
        **changes,
    }
    version = given.get("expected_version")
    return retrieval.record_retrieval(
        actor,
        person_uid,
        Returned(given["number"], given["kind"], given["returned"], given["retrieved_on"]),
        if_incoherent=given["if_incoherent"],
        expected_version=queries.standing(actor, person_uid).version
        if version is None
        else version,
    )


def check_document(actor: Actor, person_uid: str, **changes: Any) -> IdentityStatus:
    """Record that the woman's passport was seen."""
    given: dict[str, Any] = {
        "document": DocumentType.PASSPORT,
        "checked_on": clock.today(),
        "expected_version": queries.standing(actor, person_uid).version,
    }
    return service.check_document(actor, person_uid, **{**given, **changes})
