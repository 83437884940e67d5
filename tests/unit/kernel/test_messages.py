"""A sentence is translated when it is shown, its parameters with it."""

from registry.kernel.messages import Bilingual, T

FRENCH = {"{role} of {site}": "{role} du site {site}", "Nurse": "Infirmière"}


def test_parameters_that_are_sentences_are_translated_too():
    sentence = T("{role} of {site}", role=T("Nurse"), site="Lyon")
    assert sentence.rendered(lambda msgid: FRENCH[msgid]) == "Infirmière du site Lyon"
    assert str(sentence) == "Nurse of Lyon"


def test_braces_in_a_value_stay_text():
    assert str(T("Code {code}", code="{0.__class__}")) == "Code {0.__class__}"


def test_what_was_written_in_both_languages_follows_the_reader_even_within_a_sentence():
    french = {"{act} of {site}": "{act} du site {site}", "en": "fr"}
    sentence = T("{act} of {site}", act=Bilingual("Shaking {x}", fr="Agitation {x}"), site="Lyon")
    assert sentence.rendered(lambda msgid: french[msgid]) == "Agitation {x} du site Lyon"
    assert str(sentence) == "Shaking {x} of Lyon"
