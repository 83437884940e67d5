"""The forms that a new registry begins with, in French and in English.

They show what a form can hold; an ethics committee has the last word on what
an institute's own forms say.
"""

from datetime import date, timedelta

from registry.consents.templates import queries, service
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.service import FormText, ItemText
from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.vocab.consent import Language, Regime, TemplateStatus, Use

BIOBANK = "BIOBANK"
GENETICS = "GENETICS"
NOTICE = "NOTICE"

_FIRST_DAY = date(2021, 1, 1)
#: From here on the second version of the biobank form is signed.
SECOND_VERSION_FROM = date(2025, 1, 1)

#: Per language, the item's text.
_Texts = dict[Language, str]
FR, EN = Language.FRENCH, Language.ENGLISH

_BIOBANK_ITEM: _Texts = {
    FR: (
        "J’accepte que des échantillons (sang, urine, tissus prélevés pour mes soins) et des "
        "données sur ma santé soient recueillis et conservés dans la biobanque de l’institut."
    ),
    EN: (
        "I agree that samples (blood, urine, tissue taken for my care) and data about my health "
        "are collected and kept in the institute’s biobank."
    ),
}
_RESEARCH_ITEM: _Texts = {
    FR: (
        "J’accepte qu’ils servent, sous un code qui ne dit pas mon nom, à la recherche publique "
        "sur les maladies inflammatoires et auto-immunes."
    ),
    EN: (
        "I agree that they serve, under a code that does not tell my name, public research on "
        "inflammatory and autoimmune diseases."
    ),
}
_COMPANY_ITEM: _Texts = {
    FR: "J’accepte qu’une entreprise partenaire de l’institut les utilise pour cette recherche.",
    EN: "I agree that a company that is a partner of the institute uses them for this research.",
}
_OUTSIDE_EU_ITEM: _Texts = {
    FR: "J’accepte qu’ils soient envoyés dans un pays hors de l’Union européenne.",
    EN: "I agree that they are sent to a country outside the European Union.",
}
_GENETICS_ITEM: _Texts = {
    FR: "J’accepte que mes caractéristiques génétiques soient examinées pour cette recherche.",
    EN: "I agree that my genetic characteristics are examined for this research.",
}
_FINDINGS_ITEM: _Texts = {
    FR: (
        "Si l’examen montre par hasard un risque pour ma santé que l’on peut prévenir ou soigner, "
        "je souhaite qu’un médecin m’en parle."
    ),
    EN: (
        "If the examination happens to show a risk to my health that can be prevented or treated, "
        "I wish a physician to tell me."
    ),
}
_RECONTACT_ITEM: _Texts = {
    FR: "J’accepte que l’on me contacte de nouveau pour une autre étude ou un autre prélèvement.",
    EN: "I agree to be contacted again about another study or another sample.",
}
_REUSE_ITEM: _Texts = {
    FR: (
        "Ce qui reste des échantillons prélevés pour mes soins, et les données de mon dossier, "
        "peuvent être conservés et servir à la recherche publique."
    ),
    EN: (
        "What is left of the samples taken for my care, and the data of my file, may be kept and "
        "serve public research."
    ),
}
_REUSE_COMPANY_ITEM: _Texts = {
    FR: "Une entreprise partenaire de l’institut peut aussi les utiliser pour cette recherche.",
    EN: "A company that is a partner of the institute may use them for this research as well.",
}

_TITLES: dict[str, _Texts] = {
    BIOBANK: {
        FR: "Consentement à la biobanque de recherche",
        EN: "Consent to the research biobank",
    },
    GENETICS: {
        FR: "Consentement à l’examen génétique pour la recherche",
        EN: "Consent to genetic examination for research",
    },
    NOTICE: {
        FR: "Information et non-opposition à la réutilisation pour la recherche",
        EN: "Information and non-opposition to reuse for research",
    },
}


def _item(
    code: str, texts: _Texts, language: Language, *uses: Use, mandatory: bool = False
) -> ItemText:
    return ItemText(code=code, text=texts[language], uses=frozenset(uses), mandatory=mandatory)


def _biobank_items(language: Language) -> list[ItemText]:
    return [
        _item("biobank", _BIOBANK_ITEM, language, Use.COLLECT, Use.STORE, mandatory=True),
        _item("research", _RESEARCH_ITEM, language, Use.ACADEMIC_RESEARCH),
        _item("company", _COMPANY_ITEM, language, Use.COMMERCIAL_RESEARCH),
        _item("recontact", _RECONTACT_ITEM, language, Use.RECONTACT),
    ]


def forms() -> list[FormText]:
    """Every starter form, in each language."""
    found = []
    for language in Language:
        first = _biobank_items(language)
        second = [
            *first[:3],
            _item("outside_eu", _OUTSIDE_EU_ITEM, language, Use.OUTSIDE_EU),
            _item("genetics", _GENETICS_ITEM, language, Use.GENETICS),
            first[3],
        ]
        genetics = [
            _item("genetics", _GENETICS_ITEM, language, Use.GENETICS, mandatory=True),
            _item("findings", _FINDINGS_ITEM, language),
        ]
        notice = [
            _item("reuse", _REUSE_ITEM, language, Use.STORE, Use.ACADEMIC_RESEARCH),
            _item("reuse_company", _REUSE_COMPANY_ITEM, language, Use.COMMERCIAL_RESEARCH),
        ]
        found += [
            _form(BIOBANK, 1, language, first, until=SECOND_VERSION_FROM - timedelta(days=1)),
            _form(BIOBANK, 2, language, second, since=SECOND_VERSION_FROM),
            _form(GENETICS, 1, language, genetics),
            _form(NOTICE, 1, language, notice, regime=Regime.NON_OPPOSITION),
        ]
    return found


def _form(
    code: str,
    version: int,
    language: Language,
    items: list[ItemText],
    *,
    regime: Regime = Regime.EXPRESS,
    since: date = _FIRST_DAY,
    until: date | None = None,
) -> FormText:
    return FormText(
        code=code,
        version=version,
        language=language,
        title=_TITLES[code][language],
        regime=regime,
        items=items,
        valid_from=since,
        valid_to=until,
    )


@transactional
def install(actor: Actor) -> list[ConsentTemplate]:
    """Put every starter form in use that is not there yet; twice has no effect."""
    installed = []
    for form in forms():
        template = queries.find(form.code, form.version, form.language)
        if template is None:
            template = service.write(actor, form)
        if template.status is TemplateStatus.DRAFT:
            service.finalise(actor, template.id)
        installed.append(template)
    return installed
