"""The names under which consents travel: code systems, addresses of extensions, and the codes.

Both directions use this one table.
"""

from collections.abc import Mapping

from registry.vocab.consent import Answer, Regime, TemplateStatus
from registry.vocab.research import DUO_IDS, DuoTerm

_OWN = "urn:registry"

PARTICIPANT = f"{_OWN}:participant"
CONSENT = f"{_OWN}:consent"
WITHDRAWAL = f"{_OWN}:withdrawal"
ITEM = f"{_OWN}:consent-item"
USE = f"{_OWN}:use"
PROJECT = f"{_OWN}:project"
EFFECT = f"{_OWN}:withdrawal-effect"
TEMPLATE = f"{_OWN}:consent-template"

#: Extensions: what a consent here says and FHIR R4 has no element for.
INFORMED = f"{_OWN}:extension:information-given-on"
CHANNEL = f"{_OWN}:extension:channel"
LANGUAGE = f"{_OWN}:extension:explained-in"
ANSWER = f"{_OWN}:extension:answer"
SIGNATORY = f"{_OWN}:extension:signatory"

DUO = "http://purl.obolibrary.org/obo/duo.owl"

SCOPE = {
    "system": "http://terminology.hl7.org/CodeSystem/consentscope",
    "code": "research",
}
CATEGORY = {"system": "http://loinc.org", "code": "59284-0", "display": "Consent Document"}

_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
#: What holds without an answer: nothing under an express consent, all under non-opposition.
REGIMES: Mapping[Regime, Mapping[str, str]] = {
    Regime.EXPRESS: {"system": _ACT_CODE, "code": "OPTIN"},
    Regime.NON_OPPOSITION: {"system": _ACT_CODE, "code": "OPTOUT"},
}

#: Only an agreement permits; what was not asked or is unclear denies, and says so beside.
PROVISION_TYPES: Mapping[Answer, str] = {
    answer: "permit" if answer is Answer.ACCEPTED else "deny" for answer in Answer
}

#: A form that can be signed, or could: what a resource may name.
NAMED = frozenset({TemplateStatus.FINAL, TemplateStatus.RETIRED})


def template_uri(code: str, version: int, language: str) -> str:
    """The address of one version of a form in one language."""
    return f"{TEMPLATE}:{code}:{version}:{language}"


def duo_coding(term: DuoTerm, value: str) -> dict[str, str]:
    """A condition as a coding; its value, which DUO leaves to the user, is the display."""
    coding = {"system": DUO, "code": DUO_IDS[term]}
    return {**coding, "display": value} if value else coding
