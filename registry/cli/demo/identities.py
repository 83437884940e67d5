"""What the hospitals did about identities: documents seen, the INS retrieved, doubts, contacts.

The numbers are of the national test data: they have a key, and nobody has them.
"""

from dataclasses import replace
from datetime import date

from registry.cli.demo import agenda as calendar
from registry.cli.demo.agenda import Agenda
from registry.cli.demo.people import Login, Staff
from registry.cli.demo.plan import Inclusion
from registry.cli.demo.visits import Ward
from registry.identity import amendment
from registry.identity.contact_data import service as contact_data
from registry.identity.qualification import queries, retrieval, service
from registry.identity.qualification.retrieval import Returned
from registry.identity.traits import Traits
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab.national import (
    DocumentType,
    IdentityAttribute,
    IdentityStatus,
    Incoherence,
    NumberKind,
)
from registry.vocab.people import Sex

_BACK = 9
_SITE = "NORD"
_EACH = 3
_REASON = "Mise à jour d’après l’acte présenté"
_DOUBT = "Deux dossiers papier qui se contredisent"

#: INSEE's codes of towns where many were born.
_CODES = {
    "Tours": "37261",
    "Orléans": "45234",
    "Blois": "41018",
    "Bourges": "18033",
    "Châteauroux": "36044",
    "Chinon": "37072",
    "Vendôme": "41269",
    "Le Mans": "72181",
    "Saumur": "49328",
    "Poitiers": "86194",
    "Angers": "49007",
    "Chartres": "28085",
    "Loches": "37132",
    "Montargis": "45208",
}


class Identities:
    """The nurse's afternoon with the civil registry."""

    def __init__(self, agenda: Agenda, staff: Staff, ends: date) -> None:
        self._agenda = agenda
        self._nurse = staff[Login.NURSE]
        self._ends = ends

    def expect(self, ward: Ward) -> None:
        """Foresee it, with those who were included by then."""
        day = calendar.working_days_back(self._ends, _BACK)
        self._agenda.add(calendar.at(day, 14, 20), lambda: self._qualify_some(ward))

    def _qualify_some(self, ward: Ward) -> None:
        """As many of each status, and as many doubtful; the others stay provisional."""
        # By person: somebody who was included in two cohorts is coded once.
        chosen = {uid: one for one, uid in reversed(ward.included) if _can_be_coded(one)}
        wanted = (*IdentityStatus, None)
        first = list(reversed(chosen.items()))[: _EACH * len(wanted)]
        for nth, (uid, one) in enumerate(first):
            traits = self._code(one, uid)
            _bring_to(self._nurse, uid, traits, wanted[nth % len(wanted)], nth)

    def _code(self, one: Inclusion, uid: str) -> Traits:
        """Put INSEE's code in the place of the town of birth, and note how to reach the person."""
        found = amendment.open_for_amendment(self._nurse, uid, reason=_REASON)
        traits = replace(found.traits, birth_place=_CODES[str(one.traits.birth_place)])
        amendment.amend(
            self._nurse, uid, traits=traits, reason=_REASON, expected_version=found.version
        )
        contact_data.record(
            self._nurse,
            uid,
            replace(found.contact, address="12 rue des Tilleuls", telephone="0247000000"),
        )
        return traits


def _can_be_coded(one: Inclusion) -> bool:
    born_in, sex = one.traits.birth_place, one.traits.sex
    is_whole = not one.traits.missing and sex in (Sex.FEMALE, Sex.MALE)
    return one.site == _SITE and one.number is not None and is_whole and born_in in _CODES


def _bring_to(
    nurse: Actor, uid: str, traits: Traits, status: IdentityStatus | None, nth: int
) -> None:
    """Raise the identity to a status; None: it is doubtful."""
    if status is None:
        service.mark(nurse, uid, {IdentityAttribute.DOUBTFUL}, reason=_DOUBT, expected_version=0)
    if status in (IdentityStatus.VALIDATED, IdentityStatus.QUALIFIED):
        service.check_document(
            nurse,
            uid,
            document=DocumentType.IDENTITY_CARD,
            checked_on=clock.today(),
            expected_version=0,
        )
    if status in (IdentityStatus.RETRIEVED, IdentityStatus.QUALIFIED):
        retrieval.record_retrieval(
            nurse,
            uid,
            Returned(_number(traits, nth), NumberKind.TEST_NIR, traits, clock.today()),
            if_incoherent=Incoherence.ASK,
            expected_version=queries.standing(nurse, uid).version,
        )


def _number(traits: Traits, nth: int) -> str:
    """A number that fits the traits, with its key."""
    born = traits.birth_date
    if born is None:
        raise ValueError("a number needs a birth date")
    sex = "2" if traits.sex is Sex.FEMALE else "1"
    digits = f"{sex}{born:%y%m}{traits.birth_place}{nth + 1:03d}"
    return f"{digits}{97 - int(digits) % 97:02d}"
