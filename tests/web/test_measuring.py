"""The technician records what was measured of a tube, and corrects it."""

import pytest

from registry.persistence.database import remove_sessions
from registry.samples.measuring import queries
from tests.unit.samples.test_measuring import make_dna

#: What the form offers first.
USUAL = {"measure": "concentration", "method": "absorbance"}


@pytest.fixture
def dna(app, actors):
    return make_dna(actors)


def recorded(sample_id):
    remove_sessions()
    return list(queries.content(sample_id).all)


def test_a_value_alone_is_enough(technician, dna):
    page = technician.send(f"/samples/{dna.code}/measurements/new", **USUAL, value="52,5")
    assert page.status_code == 303
    shown = technician.get(f"/samples/{dna.code}").text
    for said in ("52.5", "ng/µL", "It holds", "5.25 µg", "Yield"):
        assert said in shown, said


def test_a_wrong_value_is_corrected_and_stays(technician, dna):
    dna_id, code = dna.id, dna.code
    technician.send(f"/samples/{code}/measurements/new", **USUAL, value="525")
    [wrong] = recorded(dna_id)
    path = f"/samples/{code}/measurements/new?corrects={wrong.id}"
    assert "In the place of" in technician.get(path).text
    assert technician.send(path, **USUAL, value="52.5").status_code == 303
    shown = technician.get(f"/samples/{code}").text
    assert "Corrected" in shown
    assert "5.25 µg" in shown


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"value": ""}, "Fill in this field"),
        ({"value": "many"}, "number"),
        ({"value": "0"}, "A number from"),
        ({"value": "1", "unit": "%"}, "not measured in this unit"),
        ({"value": "1", "measure": "rin"}, "that has no"),
        ({"value": "1", "method": "other"}, "Say how it was measured"),
        ({"value": "1", "measured_at": "01/01/2999 08:00"}, "in the future"),
    ],
)
def test_nonsense_is_answered_and_nothing_is_recorded(technician, dna, values, sentence):
    dna_id = dna.id
    page = technician.send(f"/samples/{dna.code}/measurements/new", **USUAL | values)
    assert page.status_code == 422
    assert sentence in page.text
    assert recorded(dna_id) == []


def test_who_only_reads_samples_is_offered_nothing(sign_in, actors, dna):
    nurse = sign_in(actors.nurse).speak("en")
    assert "Record a measurement" not in nurse.get(f"/samples/{dna.code}").text
    assert nurse.get(f"/samples/{dna.code}/measurements/new").status_code == 403
