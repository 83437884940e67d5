"""The form as people read and sign it: a tagged PDF, the same bytes for the same text.

Its fixed words are part of what is signed, so they are in the form's own
language and not in that of whoever prints it.
"""

from collections.abc import Mapping
from typing import Any

from registry import documents, typeset
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import digest
from registry.vocab.consent import Audience, Language, Regime, TemplateStatus

_Texts = Mapping[Language, str]
FR, EN = Language.FRENCH, Language.ENGLISH

_WORDS: Mapping[str, _Texts] = {
    "version": {FR: "Version", EN: "Version"},
    "draft": {FR: "Projet : ne pas faire signer", EN: "Draft: not to be signed"},
    "code": {FR: "Code du participant", EN: "Participant’s code"},
    "informed": {
        FR: "J’ai reçu l’information écrite le",
        EN: "I was given the written information on",
    },
    "questions": {FR: "Questions", EN: "Questions"},
    "needed": {
        FR: "sans cet accord, le reste du formulaire n’autorise rien",
        EN: "without this agreement, the rest of the form allows nothing",
    },
    "page": {FR: "Page", EN: "Page"},
    "text": {FR: "Empreinte du texte", EN: "Digest of the text"},
    "date": {FR: "Date", EN: "Date"},
    "signature": {FR: "Signature", EN: "Signature"},
    "rights": {
        FR: (
            "Je peux changer d’avis à tout moment, en tout ou en partie, sans donner de raison et "
            "sans conséquence sur mes soins. J’ai des droits d’accès, de rectification, "
            "d’effacement, de limitation et d’opposition sur mes données."
        ),
        EN: (
            "I may change my mind at any time, in whole or in part, without giving a reason and "
            "without consequence for my care. I have rights of access, rectification, erasure, "
            "restriction and objection concerning my data."
        ),
    },
}
_REGIMES: Mapping[Regime, _Texts] = {
    Regime.EXPRESS: {
        FR: "Consentement exprès : cochez une réponse à chaque question, datez et signez.",
        EN: "Express consent: tick an answer to each question, date and sign.",
    },
    Regime.NON_OPPOSITION: {
        FR: (
            "Information : sans opposition de votre part, ce qui suit est possible. Pour vous y "
            "opposer, cochez « Je m’oppose » et rendez ce formulaire, ou dites-le simplement."
        ),
        EN: (
            "Information: unless you object, what follows is possible. To object, tick “I object” "
            "and hand this form back, or simply say so."
        ),
    },
}
_CHOICES: Mapping[Regime, Mapping[Language, tuple[str, str]]] = {
    Regime.EXPRESS: {FR: ("J’accepte", "Je refuse"), EN: ("I agree", "I decline")},
    Regime.NON_OPPOSITION: {
        FR: ("Je ne m’oppose pas", "Je m’oppose"),
        EN: ("I do not object", "I object"),
    },
}
_SIGNING: Mapping[Audience, Mapping[Language, tuple[str, ...]]] = {
    Audience.ADULT: {
        FR: ("Le participant", "Le professionnel qui a informé"),
        EN: ("The participant", "The professional who informed"),
    },
    Audience.MINOR: {
        FR: (
            "Parent ou tuteur",
            "Autre parent",
            "Le mineur (son accord est recherché)",
            "Le professionnel qui a informé",
        ),
        EN: (
            "Parent or guardian",
            "Other parent",
            "The minor (whose agreement is sought)",
            "The professional who informed",
        ),
    },
    Audience.PROTECTED_ADULT: {
        FR: (
            "Tuteur ou mandataire (joindre le jugement ou le mandat)",
            "Le participant (son accord est recherché)",
            "Le professionnel qui a informé",
        ),
        EN: (
            "Guardian or holder of a mandate (attach the judgment or the mandate)",
            "The participant (whose agreement is sought)",
            "The professional who informed",
        ),
    },
}


def pdf(template: ConsentTemplate) -> bytes:
    """The form as a tagged PDF (PDF/UA-1), A4; a draft says that it is one."""
    return typeset.pdf(
        "registry.consents.templates", "form", said(template), moment=template.recorded_at
    )


def said(template: ConsentTemplate) -> dict[str, Any]:
    """Every word of the form, in its own language: what is printed, and shown on the screen."""
    spoken = template.language
    return {
        "language": spoken.value,
        "words": {name: words[spoken] for name, words in _WORDS.items()},
        "title": template.title,
        "name": f"{template.code} · {_WORDS['version'][spoken]} {template.number}",
        "is_draft": template.status is TemplateStatus.DRAFT,
        "lead": _REGIMES[template.regime][spoken],
        "choices": list(_CHOICES[template.regime][spoken]),
        "items": [
            {"number": item.position, "text": item.text, "mandatory": item.mandatory}
            for item in template.items
        ],
        "signing": list(_SIGNING[template.audience][spoken]),
        "digest": digest(template),
    }


def content(template: ConsentTemplate) -> bytes:
    """The form to print: the very file that was kept when it was put in use, or the draft's.

    :raises Unavailable: the kept file cannot be read back.
    """
    return documents.get(template.document.ref) if template.document else pdf(template)


def file_name(template: ConsentTemplate) -> str:
    """Under which the form is kept and handed over."""
    return f"{template.code}-v{template.number}-{template.language.value}.pdf".lower()
