"""What the participant signed and took back, as the dossier tells it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import orm

from registry.applications.models import Application
from registry.consents.signing.models import Consent, ConsentAnswer
from registry.consents.templates.models import ConsentItem, ConsentTemplate
from registry.consents.withdrawals.models import Withdrawal
from registry.kernel.messages import Message, T
from registry.persistence import registry_session
from registry.vocab.consent import ANSWER_LABELS, Channel, Language
from registry.vocab.labels import label


@dataclass(frozen=True)
class Answered:
    """One question of a form in the words that were signed, and what was said to it."""

    code: str
    text: str
    answer: Message
    #: For how many months from the signature the answer holds; None: without end.
    valid_months: int | None


@dataclass(frozen=True)
class FormSigned:
    """A form as it was signed."""

    title: str
    version: int
    #: The language in which it was explained.
    language: Language
    signed_on: date
    informed_on: date | None
    channel: Channel
    #: In which capacity: nobody's name is kept.
    signed_by: Sequence[Message]
    has_proof: bool
    is_corrected: bool
    answers: Sequence[Answered]


@dataclass(frozen=True)
class TakenBack:
    """A withdrawal or an opposition."""

    effective_on: date
    channel: Channel
    what: Sequence[Message | str]
    effects: Sequence[Message]


def forms(everyone: Collection[int]) -> list[FormSigned]:
    """Every form that was recorded, latest signed first, corrected records among them."""
    consents = registry_session.scalars(
        sa.select(Consent)
        .where(Consent.participant_id.in_(everyone))
        .options(
            orm.joinedload(Consent.template),
            orm.selectinload(Consent.answers).joinedload(ConsentAnswer.item),
            orm.selectinload(Consent.signatories),
            orm.selectinload(Consent.proofs),
        )
        .order_by(Consent.signed_on.desc(), Consent.id.desc())
    ).all()
    corrected = {one.supersedes_id for one in consents}
    return [_form(one, is_corrected=one.id in corrected) for one in consents]


def _form(consent: Consent, *, is_corrected: bool) -> FormSigned:
    template: ConsentTemplate = consent.template
    given = sorted(consent.answers, key=lambda answer: answer.item.position)
    return FormSigned(
        title=template.title,
        version=template.number,
        language=consent.language,
        signed_on=consent.signed_on,
        informed_on=consent.information_given_on,
        channel=consent.channel,
        signed_by=[
            T("{role}: {stance}", role=label(one.role), stance=label(one.stance))
            for one in consent.signatories
        ],
        has_proof=bool(consent.proofs),
        is_corrected=is_corrected,
        answers=[
            Answered(
                one.item.code,
                one.item.text,
                ANSWER_LABELS[template.regime][one.answer],
                one.item.valid_months,
            )
            for one in given
        ],
    )


def withdrawals(everyone: Collection[int]) -> list[TakenBack]:
    """Every withdrawal, the latest first, in the words of what it is about."""
    found = registry_session.scalars(
        sa.select(Withdrawal)
        .where(Withdrawal.participant_id.in_(everyone))
        .order_by(Withdrawal.effective_on.desc(), Withdrawal.id.desc())
    ).all()
    texts = _texts(everyone)
    titles = _titles({one.project for each in found for one in each.projects})
    return [
        TakenBack(
            effective_on=each.effective_on,
            channel=each.channel,
            what=[
                label(each.scope),
                *(texts.get(one.item_code, one.item_code) for one in each.items),
                *(titles.get(one.project, one.project) for one in each.projects),
                *(label(one.use) for one in each.covers),
            ],
            effects=[label(one.effect) for one in each.asked],
        )
        for each in found
    ]


def _texts(everyone: Collection[int]) -> dict[str, str]:
    """The questions that the participant answered, by code, in the words signed last."""
    rows = registry_session.execute(
        sa.select(ConsentItem.code, ConsentItem.text)
        .join(Consent, Consent.template_id == ConsentItem.template_id)
        .where(Consent.participant_id.in_(everyone))
        .order_by(Consent.signed_on, Consent.id)
    )
    return dict(rows.all())


def _titles(numbers: Collection[str]) -> dict[str, str]:
    rows = registry_session.execute(
        sa.select(Application.number, Application.title).where(Application.number.in_(numbers))
    )
    return dict(rows.all())
