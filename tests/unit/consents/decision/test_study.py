"""What a study does, and which disease lies within which."""

import pytest

from registry.consents.decision import Study
from registry.consents.decision.diseases import holds
from registry.vocab.consent import Use, Verdict
from registry.vocab.research import DuoTerm, RecipientKind, ResearchCategory
from tests.unit.consents.decision.known import (
    consent,
    decided,
    facts,
    item,
    rule_of,
    stop,
    terms,
)

ACADEMIC = Use.ACADEMIC_RESEARCH
RESEARCH_USES = frozenset(
    {
        ACADEMIC,
        Use.COMMERCIAL_RESEARCH,
        Use.GENETICS,
        Use.OUTSIDE_EU,
        Use.SHARE,
        Use.LINKAGE,
    }
)


class TestUses:
    @pytest.mark.parametrize(
        ("asked", "more"),
        [
            ({}, set()),
            ({"commercial": True}, {Use.COMMERCIAL_RESEARCH}),
            ({"recipient": RecipientKind.COMPANY}, {Use.COMMERCIAL_RESEARCH, Use.SHARE}),
            ({"recipient": RecipientKind.PUBLIC}, {Use.SHARE}),
            ({"genetics": True}, {Use.GENETICS}),
            ({"country": "US"}, {Use.OUTSIDE_EU}),
            ({"country": ""}, {Use.OUTSIDE_EU}),
            ({"country": "NO"}, set()),
            ({"linkage": True}, {Use.LINKAGE}),
        ],
    )
    def test_what_a_study_does_beside_research(self, asked: dict, more: set[Use]):
        assert set(Study(**asked).uses) == {ACADEMIC} | more


class TestDiseases:
    @pytest.mark.parametrize(
        ("wide", "narrow"),
        [
            ("M05", "M05"),
            ("M05", "M05.9"),
            ("M05", "M059"),
            ("m05 ", " M05.90"),
            ("M05.9", "M05.90"),
            ("M05-M14", "M10.0"),
            ("M05-M14", "M05"),
            ("M00-M99", "M05-M14"),
            ("ORPHA:123", "ORPHA:123"),
        ],
    )
    def test_the_wider_code_holds_the_narrower(self, wide: str, narrow: str):
        assert holds(wide, narrow)

    @pytest.mark.parametrize(
        ("wide", "narrow"),
        [
            ("M05.9", "M05"),
            ("M05", "M06"),
            ("M0", "M05"),
            ("M", "M05"),
            ("", "M05"),
            ("M05", ""),
            ("", ""),
            ("M05-M14", "M15"),
            ("M05-M14", "M00-M99"),
            ("ORPHA:12", "ORPHA:123"),
            ("7200", "72000"),
        ],
    )
    def test_others_do_not(self, wide: str, narrow: str):
        assert not holds(wide, narrow)


class TestSensitiveTopics:
    @pytest.mark.parametrize("code", ["B20", "F32.1", "Z72.0", "A50-A64", "F00-F99", "A00-Z99"])
    def test_a_person_decides_on_them(self, code: str):
        study = Study(category=ResearchCategory.DISEASE, diseases=frozenset({code}))

        assert decided(facts(consent()), study).verdict is Verdict.MANUAL

    def test_a_study_can_say_so_itself(self):
        assert decided(facts(consent()), Study(sensitive=True)).verdict is Verdict.MANUAL

    def test_what_is_refused_stays_refused(self):
        study = Study(sensitive=True, category=ResearchCategory.GENERAL)

        assert decided(facts(consent()), study).verdict is Verdict.DENY


class TestUsesAlone:
    """A use that no study makes is the institute's own; what that leaves open is no leave."""

    @pytest.mark.parametrize(
        ("use", "term"),
        [
            (ACADEMIC, (DuoTerm.PS, "D-2026-0001")),
            (ACADEMIC, (DuoTerm.IS, "Inserm")),
            (ACADEMIC, (DuoTerm.TS, "120")),
            (ACADEMIC, (DuoTerm.DS, "M05")),
            (Use.COMMERCIAL_RESEARCH, DuoTerm.NCU),
            (Use.OUTSIDE_EU, (DuoTerm.GS, "US")),
            (Use.SHARE, DuoTerm.NPU),
        ],
    )
    def test_a_condition_that_only_a_study_could_meet_denies(self, use: Use, term: object):
        known = facts(consent(item(uses=RESEARCH_USES, terms=terms(term))))

        assert rule_of(known, use) == 12

    @pytest.mark.parametrize("use", [Use.COLLECT, Use.STORE, Use.RECONTACT])
    def test_a_use_that_is_no_research_does_not_ask_for_one(self, use: Use):
        known = facts(consent(item(uses=frozenset({use}), terms=terms((DuoTerm.DS, "M05")))))

        assert rule_of(known, use) == 13


class TestSeveralQuestions:
    """Questions on kinds of research: the narrowest that holds what is asked decides."""

    HMB = item(terms=terms(DuoTerm.HMB))
    POA = item(code="origins", terms=terms(DuoTerm.POA))
    GRU = item(code="any", terms=terms(DuoTerm.GRU))
    M05 = item(code="arthritis", terms=terms((DuoTerm.DS, "M05")))
    ARTHRITIS = Study(category=ResearchCategory.DISEASE, diseases=frozenset({"M05.9"}))

    def refused(self, one):
        return item(None, code=one.code, terms=one.terms)

    def test_what_is_about_something_else_says_nothing(self):
        assert rule_of(facts(consent(self.HMB, self.refused(self.POA))), Study()) == 13

    def test_a_wider_question_says_nothing_where_a_narrower_one_was_asked(self):
        assert rule_of(facts(consent(self.HMB, self.refused(self.GRU))), Study()) == 13

    def test_a_narrower_refusal_counts(self):
        assert rule_of(facts(consent(self.HMB, self.refused(self.M05))), self.ARTHRITIS) == 9

    def test_the_refusal_of_a_part_of_what_is_asked_counts(self):
        assert rule_of(facts(consent(self.HMB, self.refused(self.M05))), Study()) == 9
        general = Study(category=ResearchCategory.GENERAL)
        assert rule_of(facts(consent(self.GRU, self.refused(self.POA))), general) == 9

    def test_a_later_form_on_something_else_leaves_the_older_answer(self):
        later = consent(self.POA, ref="consent:2", signed_on=consent().signed_on.replace(month=3))

        assert rule_of(facts(consent(self.HMB), later), Study()) == 13

    def test_a_later_form_that_asks_the_same_question_more_narrowly_replaces_it(self):
        narrowed = item(terms=terms(DuoTerm.POA))
        later = consent(narrowed, ref="consent:2", signed_on=consent().signed_on.replace(month=3))

        assert rule_of(facts(consent(self.HMB), later), Study()) == 12


class TestProjects:
    """An opposition to a project."""

    OPPOSED = stop(uses=frozenset(), projects=frozenset({"D-2026-0001"}))

    def test_it_stops_that_project_alone(self):
        known = facts(consent(), stops=(self.OPPOSED,))

        assert rule_of(known, Study(project="D-2026-0001")) == 2
        assert rule_of(known, Study(project="D-2026-0002")) == 13
        assert rule_of(known, Study()) == 13
        assert rule_of(known, ACADEMIC) == 13

    def test_a_later_consent_to_research_does_not_lift_it(self):
        known = facts(consent(signed_on=stop().effective_on.replace(day=11)), stops=(self.OPPOSED,))

        assert rule_of(known, Study(project="D-2026-0001")) == 2

    def test_a_later_consent_to_the_project_does(self):
        own = item(terms=terms((DuoTerm.PS, "D-2026-0001")))
        later = consent(own, signed_on=stop().effective_on.replace(day=11))

        assert rule_of(facts(later, stops=(self.OPPOSED,)), Study(project="D-2026-0001")) == 13
