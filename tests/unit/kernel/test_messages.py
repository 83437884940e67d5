"""A sentence is translated when it is shown, its parameters with it."""

from registry.kernel.messages import T

FRENCH = {"{role} of {site}": "{role} du site {site}", "Nurse": "Infirmière"}


def test_parameters_that_are_sentences_are_translated_too():
    sentence = T("{role} of {site}", role=T("Nurse"), site="Lyon")
    assert sentence.rendered(lambda msgid: FRENCH[msgid]) == "Infirmière du site Lyon"
    assert str(sentence) == "Nurse of Lyon"


def test_braces_in_a_value_stay_text():
    assert str(T("Code {code}", code="{0.__class__}")) == "Code {0.__class__}"
