"""Who signs a form: one table by the people for whom it is written, and what each must show.

Nobody's name is asked: capacities, documents and dates alone.  An opposition is
always taken, whoever says it; only an agreement must come from who may give it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from registry.consents.templates.models import ConsentTemplate
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Answer, Audience, Regime, SignatoryRole, Stance, Use

SELF, PARENT, SECOND_PARENT = (
    SignatoryRole.SELF,
    SignatoryRole.PARENT,
    SignatoryRole.SECOND_PARENT,
)
GUARDIAN, MANDATE = SignatoryRole.GUARDIAN, SignatoryRole.MANDATE
TRUSTED_PERSON, WITNESS = SignatoryRole.TRUSTED_PERSON, SignatoryRole.WITNESS


@dataclass(frozen=True)
class Signatory:
    """Somebody who signed, or said what they think of it."""

    role: SignatoryRole
    stance: Stance = Stance.AGREES
    #: The judgment or mandate: its content when it is handed in, else the row that is kept.
    paper: bytes | None = None
    authority_document_id: int | None = None
    authority_from: date | None = None
    authority_to: date | None = None
    #: Why a parent signs without the other.
    alone_reason: str | None = None


@dataclass(frozen=True)
class Rule:
    """Who may sign a form, and which sets of people are enough for it."""

    allowed: tuple[SignatoryRole, ...]
    enough: tuple[frozenset[SignatoryRole], ...]


#: Who must sign, by the people for whom the form is written.
RULES: Mapping[Audience, Rule] = {
    # Somebody who cannot write has it attested by a trusted person, before a witness.
    Audience.ADULT: Rule(
        allowed=(SELF, TRUSTED_PERSON, WITNESS),
        enough=(frozenset({SELF}), frozenset({TRUSTED_PERSON, WITNESS})),
    ),
    Audience.MINOR: Rule(
        allowed=(PARENT, SECOND_PARENT, GUARDIAN, SELF, WITNESS),
        enough=(frozenset({PARENT}), frozenset({GUARDIAN})),
    ),
    Audience.PROTECTED_ADULT: Rule(
        allowed=(GUARDIAN, MANDATE, SELF, TRUSTED_PERSON, WITNESS),
        enough=(frozenset({GUARDIAN}), frozenset({MANDATE})),
    ),
}
#: Who acts on a judgment or a mandate, which has its days.
ON_AUTHORITY = frozenset({GUARDIAN, MANDATE})


def field_of(role: SignatoryRole) -> str:
    """Where a refusal about what this person said is shown."""
    return f"stance_{role.value}"


def check(
    template: ConsentTemplate,
    signatories: Sequence[Signatory],
    answers: Mapping[str, Answer],
    signed_on: date,
) -> None:
    """The people who may bind the participant have signed; no signatory is the participant alone.

    Nobody needs to sign a form that rests on non-opposition.

    :raises InvalidInput: somebody is missing, may not sign this form, or shows no authority.
    """
    roles = [one.role for one in signatories] or [SELF]
    rule = RULES[template.audience]
    if len(set(roles)) < len(roles):
        raise InvalidInput(T("Each person signs once."), field=field_of(roles[0]))
    for role in roles:
        if role not in rule.allowed:
            raise InvalidInput(
                T("This person does not sign this form. Choose the form that was signed."),
                field="template_id",
            )
    for one in signatories:
        _check_one(one, signed_on)
    if template.regime is Regime.EXPRESS:
        _check_enough(rule, roles, template.audience)
    if template.audience is Audience.MINOR:
        _check_parents(signatories)
        _check_assent(template, roles, answers)


def _check_enough(rule: Rule, roles: Collection[SignatoryRole], audience: Audience) -> None:
    if any(wanted <= set(roles) for wanted in rule.enough):
        return
    sentence = {
        Audience.ADULT: T(
            "The participant signs; or, for who cannot write, a trusted person before a witness."
        ),
        Audience.MINOR: T("A parent or the guardian signs for a minor. Say who did."),
        Audience.PROTECTED_ADULT: T(
            "The guardian or the holder of the mandate signs for a protected adult. Say who did."
        ),
    }[audience]
    missing = next(iter(sorted(rule.enough[-1] - set(roles))))
    raise InvalidInput(sentence, field=field_of(missing))


def _check_one(one: Signatory, signed_on: date) -> None:
    if one.stance is Stance.UNABLE and one.role is not SELF:
        raise InvalidInput(
            T("Only the participant can be unable to express it."), field=field_of(one.role)
        )
    if one.role not in ON_AUTHORITY or one.stance is not Stance.AGREES:
        return
    if one.paper is None and one.authority_document_id is None:
        raise InvalidInput(
            T("Attach the judgment or the mandate that gives the right to sign."),
            field="authority_file",
        )
    if one.authority_from is None:
        raise InvalidInput(T("Say since when the mandate holds."), field="authority_from")
    if one.authority_to is not None and one.authority_to < one.authority_from:
        raise InvalidInput(T("The mandate ends after it begins."), field="authority_to")
    if one.authority_from > signed_on or (one.authority_to or signed_on) < signed_on:
        raise InvalidInput(
            T("The mandate did not hold on the day of the signature: it gives no right to sign."),
            field="authority_from",
        )


def _check_parents(signatories: Sequence[Signatory]) -> None:
    """One parent alone is enough only for a reason, which is kept; the other may act later."""
    by_role = {one.role: one for one in signatories}
    if SECOND_PARENT in by_role and PARENT not in by_role:
        raise InvalidInput(T("Name the parent who signed first."), field=field_of(PARENT))
    alone = PARENT in by_role and SECOND_PARENT not in by_role
    if alone and not by_role[PARENT].alone_reason:
        raise InvalidInput(
            T("Say why one parent alone was informed and signed; the other may act later."),
            field="alone_reason",
        )


def _check_assent(
    template: ConsentTemplate,
    roles: Collection[SignatoryRole],
    answers: Mapping[str, Answer],
) -> None:
    """Nobody agrees to genetic examination of a minor before the minor was asked."""
    agrees = any(
        Use.GENETICS in item.uses and answers.get(item.code) is Answer.ACCEPTED
        for item in template.items
    )
    if agrees and SELF not in roles:
        raise InvalidInput(
            T("For genetic examination, the minor’s own agreement is sought. Say what it was."),
            field=field_of(SELF),
        )


def check_audience(template: ConsentTemplate, participant: Participant, signed_on: date) -> None:
    """A minor’s form is signed for a minor, an adult’s by an adult, as far as that is known.

    :raises InvalidInput: it is the form of others.
    """
    if template.regime is not Regime.EXPRESS:
        return
    adult_from = participant.adult_from
    was_minor = adult_from is not None and signed_on < adult_from
    if was_minor and template.audience is not Audience.MINOR:
        raise InvalidInput(
            T("The participant was a minor on that day. Choose the form for minors."),
            field="template_id",
        )
    if template.audience is Audience.MINOR and _was_surely_adult(participant, signed_on):
        raise InvalidInput(
            T("The participant was of age on that day. Choose the form for adults."),
            field="template_id",
        )


def _was_surely_adult(participant: Participant, signed_on: date) -> bool:
    if participant.adult_from is not None:
        return signed_on > participant.adult_from + timedelta(days=limits.MINOR_FORM_DAYS)
    born = participant.birth_year
    return born is not None and signed_on.year - born > limits.MAJORITY_YEARS
