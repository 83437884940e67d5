"""Forms, consents and withdrawals."""

from collections.abc import Mapping, Sequence
from datetime import date
from secrets import token_hex
from typing import Any

from registry.consents.signing import checks, proofs, service as signing
from registry.consents.signing.models import Consent
from registry.consents.signing.service import SignedForm
from registry.consents.templates import queries as forms, service as templates
from registry.consents.templates.models import ConsentTemplate
from registry.consents.templates.wording import FormText, ItemText
from registry.consents.withdrawals import service as withdrawals
from registry.consents.withdrawals.models import Withdrawal
from registry.participants.models import Participant
from registry.vocab.consent import (
    Answer,
    Channel,
    CheckOutcome,
    Language,
    Regime,
    Use,
    WithdrawalScope,
)
from tests.factories.accounts import People
from tests.factories.participants import OPERATOR

SIGNED = date(2026, 3, 2)

ITEMS = (
    ItemText("biobank", "Keep my samples.", frozenset({Use.COLLECT, Use.STORE}), mandatory=True),
    ItemText("research", "Public research.", frozenset({Use.ACADEMIC_RESEARCH})),
    ItemText("company", "Companies.", frozenset({Use.COMMERCIAL_RESEARCH})),
    ItemText("genetics", "Genetics.", frozenset({Use.GENETICS})),
)
SHARING = ItemText("share", "Other organisations.", frozenset({Use.SHARE}))


def make_template(
    *,
    code: str = "FORM",
    version: int = 1,
    regime: Regime = Regime.EXPRESS,
    items: Sequence[ItemText] = ITEMS,
    language: Language = Language.FRENCH,
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
    final: bool = True,
    **more: Any,
) -> ConsentTemplate:
    """The form of this code and version, in use unless it is to stay a draft."""
    known = forms.find(code, version, language)
    if known is not None:
        return known
    form = FormText(
        code, version, language, f"Form {code}", regime, items, valid_from, valid_to, **more
    )
    written = templates.write(OPERATOR, form)
    return templates.finalise(OPERATOR, written.id) if final else written


def signed_form(
    template: ConsentTemplate, answers: Mapping[str, Answer] | None = None, **facts: Any
) -> SignedForm:
    """The form as a participant fills it in who accepts everything not said otherwise."""
    given = {item.code: Answer.ACCEPTED for item in template.items} | dict(answers or {})
    facts.setdefault("signed_on", SIGNED)
    facts.setdefault("information_given_on", facts["signed_on"])
    facts.setdefault("channel", Channel.PAPER)
    return SignedForm(template_id=template.id, answers=given, **facts)


def make_consent(
    actors: People,
    participant: Participant,
    *,
    template: ConsentTemplate | None = None,
    answers: Mapping[str, Answer] | None = None,
    **facts: Any,
) -> Consent:
    """A consent of the participant, recorded by the command line."""
    form = signed_form(template or make_template(), answers, **facts)
    return signing.record(OPERATOR, participant.id, form)


def make_withdrawal(
    actors: People,
    participant: Participant,
    *uses: Use,
    effective_on: date = SIGNED,
    channel: Channel = Channel.LETTER,
    **asked: Any,
) -> Withdrawal:
    """A withdrawal from these uses, or from everything when none is named."""
    return withdrawals.withdraw(
        OPERATOR,
        participant.id,
        scope=WithdrawalScope.USES if uses else WithdrawalScope.ALL,
        uses=uses,
        effective_on=effective_on,
        channel=channel,
        **asked,
    )


def attach_scan(consent: Consent) -> Consent:
    """The consent with a scan like no other, attached by the command line."""
    proofs.attach(OPERATOR, consent.id, [b"%PDF-1.7\n" + token_hex(16).encode() + b"\n%%EOF\n"])
    return consent


def check_consent(
    actors: People, consent: Consent, outcome: CheckOutcome = CheckOutcome.PASSED
) -> Consent:
    """The consent after a second person compared it with its scan."""
    remark = None if outcome is CheckOutcome.PASSED else "The date differs."
    checks.check(actors.nurse, consent.id, outcome=outcome, remark=remark)
    return consent
