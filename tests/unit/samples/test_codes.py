"""Our own codes are issued once, and foreign ones are kept as they are."""

import pytest

from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, NotPermitted
from registry.samples import service
from registry.vocab import limits
from tests.factories.samples import make_consenting_participant, make_tube, make_tubes, tube_in


def test_codes_for_labels_are_valid_and_never_issued_twice(app, actors, audit_tags):
    first = service.issue_codes(actors.technician, count=50)
    second = service.issue_codes(actors.technician, count=50)
    assert len({*first, *second}) == 100
    assert all(tube.is_valid(code) for code in [*first, *second])
    assert audit_tags() == ["tube_codes:issued"] * 2


@pytest.mark.parametrize("count", [0, limits.SCANS_AT_ONCE_MAX + 1])
def test_a_sheet_has_its_measure(app, actors, count):
    with pytest.raises(InvalidInput, match="codes at once"):
        service.issue_codes(actors.technician, count=count)


def test_a_nurse_prints_no_labels_in_advance(app, actors):
    with pytest.raises(NotPermitted):
        service.issue_codes(actors.nurse, count=1)


def test_a_tube_without_a_code_gets_one_of_ours(app, actors):
    assert tube.is_valid(make_tube(actors).code)


def test_a_code_that_a_tube_has_already_is_not_issued(app, actors):
    [printed_elsewhere] = [code for code in [tube.make("B", 2)] if code]
    make_tube(actors, code=printed_elsewhere)
    assert printed_elsewhere not in service.issue_codes(actors.technician, count=3)


def test_a_foreign_code_is_kept(app, actors):
    assert make_tube(actors, code="t0700-0001").code == "T0700-0001"


class TestRefusals:
    @pytest.mark.parametrize("hyphen", ["", "-"])
    def test_a_participant_s_code_is_no_tube_s(self, app, actors, hyphen):
        code = make_consenting_participant(actors).code
        scanned = f"{code[:4]}{hyphen}{code[4:]}"
        with pytest.raises(InvalidInput) as refused:
            make_tubes(actors, tube_in(code=scanned))
        assert "participant’s code" in str(refused.value.errors["tubes"][0])

    def test_a_code_names_one_tube(self, app, actors):
        make_tube(actors, code="T07000001")
        with pytest.raises(InvalidInput) as refused:
            make_tubes(actors, tube_in(code="T07000001"), tube_in(code="T07000002"))
        assert [str(reason) for reason in refused.value.errors["tubes"]] == [
            "The code T07000001 is taken by another tube."
        ]

    def test_the_same_code_twice_in_a_kit_is_named(self, app, actors):
        with pytest.raises(InvalidInput) as refused:
            make_tubes(actors, tube_in(code="T07000001"), tube_in(code="T07000001"))
        assert len(refused.value.errors["tubes"]) == 1

    def test_a_misread_code_of_ours_is_refused(self, app, actors):
        participant = make_consenting_participant(actors)
        code = tube.make("B", 123)
        misread = code[:-2] + ("9" if code[-2] != "9" else "8") + code[-1]
        with pytest.raises(InvalidInput) as refused:
            make_tubes(actors, tube_in(code=misread), participant=participant)
        assert "misread" in str(refused.value.errors["tubes"][0])

    def test_a_code_has_a_length(self, app, actors):
        with pytest.raises(InvalidInput) as refused:
            make_tube(actors, code="T" * (limits.CODE_MAX + 1))
        assert "at most" in str(refused.value.errors["tubes"][0])
