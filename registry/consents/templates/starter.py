"""The forms that a new registry begins with, in French and in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from registry.consents.templates import queries, service
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.starter_texts import ADULT, MINOR, PROTECTED, TITLES, Texts
from registry.consents.templates.wording import FormText, ItemText, Term
from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.vocab.consent import Audience, ChangeRule, Language, Regime, TemplateStatus, Use
from registry.vocab.research import DuoTerm

BIOBANK = "BIOBANK"
BIOBANK_MINOR = "BIOBANK-MINOR"
BIOBANK_PROTECTED = "BIOBANK-PROTECTED"
GENETICS = "GENETICS"
NOTICE = "NOTICE"

_FIRST_DAY = date(2021, 1, 1)
#: From here on the second version of the biobank form is signed.
SECOND_VERSION_FROM = date(2025, 1, 1)
_PROOF_WITHIN_DAYS = 30

_HEALTH: frozenset[Term] = frozenset({(DuoTerm.HMB, "")})

#: What the answer to each item decides, the same in every form.
_COVERS: Mapping[str, tuple[Use, ...]] = {
    "biobank": (Use.COLLECT, Use.STORE),
    "research": (Use.ACADEMIC_RESEARCH, Use.SHARE),
    "company": (Use.COMMERCIAL_RESEARCH,),
    "outside_eu": (Use.OUTSIDE_EU,),
    "linkage": (Use.LINKAGE,),
    "genetics": (Use.GENETICS,),
    "findings": (Use.INCIDENTAL_FINDINGS,),
    "recontact": (Use.RECONTACT,),
    "reuse": (Use.STORE, Use.ACADEMIC_RESEARCH, Use.SHARE),
    "reuse_company": (Use.COMMERCIAL_RESEARCH,),
}
_OF_RESEARCH = frozenset(
    {"research", "company", "outside_eu", "linkage", "genetics", "reuse", "reuse_company"}
)


@dataclass(frozen=True)
class _Form:
    """One version of a starter form."""

    code: str
    items: Sequence[str]
    version: int = 1
    texts: Mapping[str, Texts] = field(default_factory=lambda: ADULT)
    #: Without these, the rest of the form allows nothing.
    mandatory: frozenset[str] = frozenset({"biobank"})
    regime: Regime = Regime.EXPRESS
    audience: Audience = Audience.ADULT
    change_rule: ChangeRule = ChangeRule.NOTHING
    since: date = _FIRST_DAY
    until: date | None = None

    def written(self, language: Language) -> FormText:
        """The form in one language."""
        return FormText(
            code=self.code,
            version=self.version,
            language=language,
            title=TITLES[self.code][language],
            regime=self.regime,
            items=[self._item(code, language) for code in self.items],
            valid_from=self.since,
            valid_to=self.until,
            audience=self.audience,
            change_rule=self.change_rule,
            proof_within_days=_PROOF_WITHIN_DAYS if self.regime is Regime.EXPRESS else None,
        )

    def _item(self, code: str, language: Language) -> ItemText:
        return ItemText(
            code=code,
            text=self.texts[code][language],
            uses=frozenset(_COVERS[code]),
            mandatory=code in self.mandatory,
            terms=_HEALTH if code in _OF_RESEARCH else frozenset(),
        )


_FORMS: tuple[_Form, ...] = (
    _Form(
        BIOBANK,
        ("biobank", "research", "company", "recontact"),
        until=SECOND_VERSION_FROM - timedelta(days=1),
    ),
    _Form(
        BIOBANK,
        ("biobank", "research", "company", "outside_eu", "linkage", "genetics", "recontact"),
        version=2,
        change_rule=ChangeRule.INFORM,
        since=SECOND_VERSION_FROM,
    ),
    _Form(
        BIOBANK_MINOR,
        ("biobank", "research", "company", "outside_eu", "genetics", "recontact"),
        texts=MINOR,
        audience=Audience.MINOR,
    ),
    _Form(
        BIOBANK_PROTECTED,
        ("biobank", "research", "company", "recontact"),
        texts=PROTECTED,
        audience=Audience.PROTECTED_ADULT,
    ),
    _Form(GENETICS, ("genetics", "findings"), mandatory=frozenset({"genetics"})),
    _Form(NOTICE, ("reuse", "reuse_company"), mandatory=frozenset(), regime=Regime.NON_OPPOSITION),
)


def forms() -> list[FormText]:
    """Every starter form, in each language."""
    return [form.written(language) for language in Language for form in _FORMS]


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
