"""What a template may become, and what it must hold before anybody signs it."""

from collections.abc import Iterable, Sequence

from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import FormText, ItemText, structure
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.consent import ChangeRule, TemplateStatus
from registry.vocab.labels import label
from registry.vocab.research import PERMISSIONS, WITH_PARAMETER

#: What a template may become.
TRANSITIONS: dict[TemplateStatus, frozenset[TemplateStatus]] = {
    TemplateStatus.DRAFT: frozenset({TemplateStatus.FINAL}),
    TemplateStatus.FINAL: frozenset({TemplateStatus.RETIRED}),
    TemplateStatus.RETIRED: frozenset(),
}


def check_can_become(template: ConsentTemplate, status: TemplateStatus) -> None:
    """A template goes from draft to final to retired, and never back.

    :raises RuleBroken: the template is not where it could become this.
    """
    if status not in TRANSITIONS[template.status]:
        raise RuleBroken(T("The form is not in a state that allows this."))


def check_is_draft(template: ConsentTemplate) -> None:
    """What people sign stays as it was signed.

    :raises RuleBroken: the template is in use or retired.
    """
    if template.status is not TemplateStatus.DRAFT:
        raise RuleBroken(
            T("This version is in use or was: its text stays. Begin a new version instead.")
        )


def check_has_been_used(template: ConsentTemplate) -> None:
    """One version is written at a time.

    :raises RuleBroken: the template is still a draft.
    """
    if template.status is TemplateStatus.DRAFT:
        raise RuleBroken(T("Version {number} is still a draft.", number=template.number))


def check_items(items: Sequence[ItemText]) -> None:
    """Items have codes of their own, and their conditions mean something.

    :raises InvalidInput: a code is there twice, or a condition lacks its value.
    """
    codes = [item.code for item in items]
    if len(set(codes)) < len(codes):
        raise InvalidInput(T("Another question has this code already."), field="code")
    if len(items) > limits.CONSENT_ITEMS_MAX:
        raise InvalidInput(
            T("A form has at most {count} questions.", count=limits.CONSENT_ITEMS_MAX),
            field="code",
        )
    for item in items:
        check_terms(item)


def check_terms(item: ItemText) -> None:
    """A condition that needs a value has one, and one kind of research is named at most.

    Several diseases may be named: each is a permission of its own.

    :raises InvalidInput: it is not so.
    """
    for term, value in sorted(item.terms):
        if (term in WITH_PARAMETER) is not bool(value):
            raise InvalidInput(
                T("This condition needs its value: {term}.", term=label(term)), field="conditions"
            )
    if len({term for term, _value in item.terms} & PERMISSIONS) > 1:
        raise InvalidInput(
            T("Choose one kind of research; a second question may ask about another."),
            field="permission",
        )


def check_change(form: FormText) -> None:
    """A version that asks for consent again says by when; another has no such day.

    :raises InvalidInput: it is not so, or the first version asks something of earlier ones.
    """
    if form.change_rule is not ChangeRule.NOTHING and form.version == 1:
        raise InvalidInput(
            T("Nobody has signed an earlier version: the first one asks nothing of them."),
            field="change_rule",
        )
    if (form.change_rule is ChangeRule.RECONSENT) is not (form.change_by is not None):
        raise InvalidInput(
            T("Asking for consent again needs its last day, and nothing else has one."),
            field="change_by",
        )
    if form.valid_to and form.valid_to < form.valid_from:
        raise InvalidInput(T("The last day comes after the first one."), field="valid_to")


def check_can_be_used(template: ConsentTemplate, siblings: Iterable[ConsentTemplate]) -> None:
    """A form asks something, and in every language the same.

    :raises RuleBroken: it has no question, none that decides on anything, or
        another language of this version asks something else.
    """
    if not template.items:
        raise RuleBroken(T("The form asks nothing yet. Add its questions first."))
    if not any(item.uses for item in template.items):
        raise RuleBroken(T("No question decides on any use. Say what each one covers."))
    own = structure(template.items)
    for other in siblings:
        if structure(other.items) != own:
            raise RuleBroken(
                T(
                    "The form asks something else in {language}: codes, order, uses and "
                    "conditions must be the same in every language.",
                    language=label(other.language),
                )
            )
