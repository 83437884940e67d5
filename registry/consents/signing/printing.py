"""What was signed on the screen, as a tagged PDF that both sides keep.

It is in the form's own language, as what was read and signed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from registry import typeset
from registry.consents.signing.drawing import Drawing
from registry.consents.signing.service import SignedForm
from registry.consents.templates import printing as forms
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.vocab.consent import Answer, Language, SignatoryRole, Stance

_Texts = Mapping[Language, str]
FR, EN = Language.FRENCH, Language.ENGLISH

_WORDS: Mapping[str, _Texts] = {
    "code": {FR: "Code du participant", EN: "Participant’s code"},
    "site": {FR: "Lieu", EN: "Place"},
    "signed_at": {FR: "Signé à l’écran le", EN: "Signed on the screen on"},
    "answer": {FR: "Réponse :", EN: "Answer:"},
    "signatures": {FR: "Signatures", EN: "Signatures"},
    "signature_of": {FR: "Signature", EN: "Signature"},
    "unsigned": {FR: "n’a pas signé", EN: "did not sign"},
    "reason": {FR: "Un seul parent informé :", EN: "One parent alone was informed:"},
    "professional": {
        FR: "Le professionnel qui a informé",
        EN: "The professional who informed",
    },
    "shown": {
        FR: "Empreinte (SHA-256) du texte exact affiché :",
        EN: "Digest (SHA-256) of the exact text that was shown:",
    },
}
_ROLES: Mapping[SignatoryRole, _Texts] = {
    SignatoryRole.SELF: {FR: "Le participant", EN: "The participant"},
    SignatoryRole.PARENT: {FR: "Un parent", EN: "A parent"},
    SignatoryRole.SECOND_PARENT: {FR: "L’autre parent", EN: "The other parent"},
    SignatoryRole.GUARDIAN: {FR: "Le tuteur", EN: "The guardian"},
    SignatoryRole.MANDATE: {FR: "Le mandataire", EN: "The holder of the mandate"},
    SignatoryRole.TRUSTED_PERSON: {FR: "La personne de confiance", EN: "The trusted person"},
    SignatoryRole.WITNESS: {FR: "Le témoin", EN: "The witness"},
}
_STANCES: Mapping[Stance, _Texts] = {
    Stance.AGREES: {FR: "est d’accord", EN: "agrees"},
    Stance.OPPOSES: {FR: "s’oppose", EN: "opposes"},
    Stance.UNABLE: {FR: "ne peut pas s’exprimer", EN: "cannot express it"},
}
_DAY: Mapping[Language, str] = {FR: "%d/%m/%Y", EN: "%d %b %Y"}


@dataclass(frozen=True)
class Ceremony:
    """Who signed what before whom, where and when."""

    template: ConsentTemplate
    form: SignedForm
    code: str
    site: str
    professional: str
    drawings: Mapping[SignatoryRole, Drawing]
    professional_drawing: Drawing
    signed_at: datetime


def text_digest(template: ConsentTemplate) -> str:
    """SHA-256 of the exact text that the screen shows: every word of the form."""
    canonical = json.dumps(
        forms.said(template), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def role_name(role: SignatoryRole, language: Language) -> str:
    """What somebody who signs is called, in the form's language."""
    return _ROLES[role][language]


def pdf(held: Ceremony) -> bytes:
    """The signed form as PDF/UA-1, A4, with the drawn signatures."""
    template, spoken = held.template, held.template.language
    said = forms.said(template)
    words = {**said["words"], **{name: texts[spoken] for name, texts in _WORDS.items()}}
    agrees, declines = said["choices"]
    data = {
        **said,
        "words": words,
        "code": held.code,
        "site": held.site,
        "informed_on": _day(held.form.information_given_on, spoken),
        "signed_at": clock.to_paris(held.signed_at).strftime(f"{_DAY[spoken]} %H:%M"),
        "items": [
            {
                **shown,
                "answer": agrees if held.form.answers[item.code] is Answer.ACCEPTED else declines,
            }
            for shown, item in zip(said["items"], template.items, strict=True)
        ],
        "signatures": _signatures(held),
        "reason": next((s.alone_reason for s in held.form.signatories if s.alone_reason), None),
        "text_digest": text_digest(template),
    }
    return typeset.pdf("registry.consents.signing", "signed", data, moment=held.signed_at)


def _signatures(held: Ceremony) -> list[dict[str, str | None]]:
    """Each side with what it thinks and its drawing, the professional last."""
    spoken = held.template.language
    stances = {one.role: one.stance for one in held.form.signatories}
    stances = stances or {SignatoryRole.SELF: Stance.AGREES}
    sides = [
        {
            "who": role_name(role, spoken),
            "stance": _STANCES[stance][spoken] if held.form.signatories else None,
            "svg": held.drawings[role].svg if role in held.drawings else None,
        }
        for role, stance in stances.items()
    ]
    professional = {
        "who": f"{_WORDS['professional'][spoken]} – {held.professional}",
        "stance": None,
        "svg": held.professional_drawing.svg,
    }
    return [*sides, professional]


def _day(value: date | None, spoken: Language) -> str:
    return value.strftime(_DAY[spoken]) if value else "–"
