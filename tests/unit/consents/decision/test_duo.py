"""The matrix of permissions cell by cell, and each modifier met, missed and not told."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest

from registry.consents.decision import Study
from registry.consents.decision.duo import (
    APPROVAL,
    BEYOND,
    MATRIX,
    MODIFIERS,
    OBLIGATIONS,
    Asking,
    Outcome,
    in_time,
    weigh,
)
from registry.vocab.consent import Verdict
from registry.vocab.research import PERMISSIONS, DuoTerm, RecipientKind, ResearchCategory
from tests.unit.consents.decision.known import JANUARY, MAY, terms

ALLOW, DENY, MANUAL = Verdict.ALLOW, Verdict.DENY, Verdict.MANUAL
GENERAL, HEALTH, DISEASE, ANCESTRY, METHODS = ResearchCategory
NRES, GRU, HMB, DS, POA = DuoTerm.NRES, DuoTerm.GRU, DuoTerm.HMB, DuoTerm.DS, DuoTerm.POA
M05, GOUT = (DS, "M05"), (DS, "M10")


def weighed(*named: Any, on: date = MAY, **asked: Any) -> Outcome:
    return weigh(terms(*named), Asking(Study(**asked), on, JANUARY))


def disease(*codes: str) -> dict[str, Any]:
    return {"category": DISEASE, "diseases": frozenset(codes)}


def methods(*codes: str) -> dict[str, Any]:
    return {"category": METHODS, "diseases": frozenset(codes)}


#: What the item says, what is asked, and the verdict: the whole matrix.
CELLS: list[tuple[Any, dict[str, Any], Verdict]] = [
    *((NRES, {"category": category}, ALLOW) for category in ResearchCategory),
    *((GRU, {"category": category}, ALLOW) for category in ResearchCategory),
    (HMB, {"category": GENERAL}, DENY),
    (HMB, {"category": HEALTH}, ALLOW),
    (HMB, disease("M05.9"), ALLOW),
    (HMB, {"category": ANCESTRY}, DENY),
    (HMB, {"category": METHODS}, ALLOW),
    (M05, {"category": GENERAL}, DENY),
    (M05, {"category": HEALTH}, DENY),
    (M05, disease("M05"), ALLOW),
    (M05, disease("M05.9"), ALLOW),
    (M05, disease("M06.0"), DENY),
    (M05, disease("M05.9", "M06.0"), DENY),
    (M05, disease(), DENY),
    (M05, {"category": ANCESTRY}, DENY),
    (M05, methods("M05.9"), MANUAL),
    (M05, methods("M06.0"), DENY),
    (M05, methods(), DENY),
    (POA, {"category": GENERAL}, DENY),
    (POA, {"category": HEALTH}, DENY),
    (POA, disease("M05"), DENY),
    (POA, {"category": ANCESTRY}, ALLOW),
    (POA, {"category": METHODS}, MANUAL),
]


class TestPermissions:
    def test_the_matrix_has_every_cell(self):
        assert set(MATRIX) == PERMISSIONS
        assert all(set(row) == set(ResearchCategory) for row in MATRIX.values())

    @pytest.mark.parametrize(("term", "asked", "verdict"), CELLS)
    def test_a_cell(self, term: Any, asked: dict[str, Any], verdict: Verdict):
        assert weighed(term, **asked).verdict is verdict

    @pytest.mark.parametrize("category", ResearchCategory)
    def test_an_item_without_a_permission_allows_health_research(self, category: ResearchCategory):
        assert weighed(category=category).verdict is weighed(HMB, category=category).verdict

    def test_a_modifier_alone_leaves_that_permission(self):
        assert weighed(DuoTerm.PUB, category=GENERAL).verdict is DENY

    def test_one_of_several_permissions_is_enough(self):
        assert weighed(POA, HMB, category=HEALTH).verdict is ALLOW

    def test_several_diseases_hold_together_what_is_asked(self):
        assert weighed(M05, GOUT, **disease("M05.9", "M10.0")).verdict is ALLOW
        assert weighed(M05, GOUT, **disease("M05.9", "M11")).verdict is DENY

    @pytest.mark.parametrize("unreadable", ["", "M", "??", "M05-"])
    def test_a_disease_that_cannot_be_read_is_denied(self, unreadable: str):
        assert weighed((DS, unreadable), **disease("M05")).verdict is DENY


#: A modifier, what meets it, and what misses it; the last is that nothing was told.
MODIFIED: list[tuple[Any, dict[str, Any], list[dict[str, Any]]]] = [
    ((DuoTerm.GS, "FR"), {"country": "FR"}, [{"country": "DE"}, {"country": ""}]),
    ((DuoTerm.GS, "EU"), {"country": "DE"}, [{"country": "US"}, {"country": ""}]),
    (
        (DuoTerm.IS, "Institut Cochin"),
        {"institution": "institut cochin"},
        [{"institution": "Inserm"}, {}],
    ),
    ((DuoTerm.US, "Inserm U1016"), {"institution": "Inserm U1016"}, [{"institution": "X"}, {}]),
    ((DuoTerm.PS, "D-2026-0001"), {"project": "D-2026-0001"}, [{"project": "D-2026-0002"}, {}]),
    (
        DuoTerm.NPU,
        {"recipient": RecipientKind.NON_PROFIT},
        [{"recipient": RecipientKind.COMPANY}],
    ),
    (DuoTerm.NCU, {}, [{"commercial": True}, {"recipient": RecipientKind.COMPANY}]),
    (DuoTerm.NPUNCU, {}, [{"commercial": True}, {"recipient": RecipientKind.COMPANY}]),
    ((DuoTerm.RS, "health"), {}, [{"category": METHODS}]),
    ((DuoTerm.RS, "something else"), {"category": METHODS}, [{}]),
    (DuoTerm.GSO, {"genetics": True}, [{}]),
    (DuoTerm.NMDS, {}, [{"category": METHODS}]),
    (DuoTerm.NPOA, {}, [{"category": ANCESTRY}]),
    (
        (DuoTerm.TS, "12"),
        {"ends_on": date(2027, 1, 10)},
        [{"ends_on": date(2027, 1, 11)}, {"ends_on": date(2026, 5, 9)}, {}],
    ),
]
NEVER_MET = (DuoTerm.RS, "something else")


class TestModifiers:
    def test_every_modifier_is_here_or_elsewhere(self):
        named = {term if isinstance(term, DuoTerm) else term[0] for term, _, _ in MODIFIED}
        assert named == set(MODIFIERS)
        others = PERMISSIONS | OBLIGATIONS | {APPROVAL, BEYOND}
        assert set(MODIFIERS) | others == set(DuoTerm)
        assert not set(MODIFIERS) & others

    @pytest.mark.parametrize(("term", "met", "_"), [one for one in MODIFIED if one[0] != NEVER_MET])
    def test_what_meets_it_is_allowed(self, term: Any, met: dict[str, Any], _: object):
        assert weighed(GRU, term, **met).verdict is ALLOW

    @pytest.mark.parametrize(
        ("term", "asked"), [(term, one) for term, _, missed in MODIFIED for one in missed]
    )
    def test_what_misses_it_or_does_not_say_is_denied(self, term: Any, asked: dict[str, Any]):
        found = weighed(GRU, term, **asked)

        assert found.verdict is DENY
        assert found.because in terms(term)

    @pytest.mark.parametrize(
        "term",
        [
            (DuoTerm.GS, ""),
            (DuoTerm.GS, "the moon"),
            (DuoTerm.TS, "a while"),
            (DuoTerm.TS, ""),
            (DuoTerm.TS, "999999"),
            (DuoTerm.RS, ""),
            (DuoTerm.IS, ""),
            (DuoTerm.US, ""),
            (DuoTerm.PS, ""),
            (DuoTerm.MOR, "some day"),
            (DuoTerm.MOR, "2026-13-01"),
        ],
    )
    def test_what_cannot_be_read_is_denied(self, term: Any):
        asked = {"institution": "", "project": "", "ends_on": MAY}
        assert weighed(GRU, term, **asked).verdict is DENY

    def test_ethics_approval_waits_for_a_person_until_it_is_there(self):
        assert weighed(DuoTerm.IRB).verdict is MANUAL
        assert weighed(DuoTerm.IRB, ethics_approved=True).verdict is ALLOW

    def test_clinical_care_restricts_nothing(self):
        assert weighed(DuoTerm.CC) == Outcome(ALLOW)

    @pytest.mark.parametrize(
        "term", [DuoTerm.COL, DuoTerm.RTN, DuoTerm.PUB, (DuoTerm.MOR, "2027-01-01")]
    )
    def test_an_obligation_allows_and_obliges(self, term: Any):
        found = weighed(HMB, term)

        assert found.verdict is ALLOW
        assert found.obliges == tuple(terms(term))

    def test_a_refusal_outweighs_what_a_person_may_decide(self):
        assert weighed(DuoTerm.IRB, DuoTerm.GSO).verdict is DENY


class TestTimeLimit:
    """A use that is no research is weighed by the time limit alone."""

    def limited(self, *named: Any, on: date) -> Verdict:
        return in_time(terms(*named), JANUARY, on).verdict

    def test_it_ends_on_the_day(self):
        assert self.limited((DuoTerm.TS, "2"), on=date(2026, 3, 10)) is ALLOW
        assert self.limited((DuoTerm.TS, "2"), on=date(2026, 3, 11)) is DENY

    @pytest.mark.parametrize("named", [[DuoTerm.GSO], [M05], [(DuoTerm.GS, "US")], []])
    def test_other_conditions_say_nothing_on_it(self, named: Collection[Any]):
        assert self.limited(*named, on=MAY) is ALLOW
