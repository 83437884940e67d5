"""What a template may become."""

from registry.consents.templates.models import ConsentTemplate
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.vocab.consent import TemplateStatus

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
