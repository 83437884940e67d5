"""What tests of recalls do at one installation or the other."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.consents.withdrawals.followup import queries as followup
from registry.consents.withdrawals.models import Withdrawal
from registry.custody.exchange import taking_in
from registry.custody.exchange.recalls import answers, obeying, queries as recalls
from registry.custody.shipments.receiving import Receipt
from registry.kernel.errors import InvalidInput
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.exchange import RecalledState
from tests.factories.consents import make_withdrawal
from tests.factories.custody import biobank


def english(message):
    return message.rendered(lambda text: text)


def withdrawn(people, code, *uses, **asked):
    """Whoever the tube is of takes everything back, or these uses."""
    sample = registry_session.scalars(sa.select(Sample).where(Sample.code == code)).one()
    return make_withdrawal(people, sample.participant, *uses, **asked)


def notice_of(people):
    last = registry_session.scalars(sa.select(sa.func.max(Withdrawal.id))).one()
    [notice] = followup.notices(people.dpo, last)
    return notice


def arrived(there, file, *codes):
    with there.inside() as people:
        taking_in.take_in(people.technician, biobank(people), file, Receipt(codes))


def obeyed(there, file):
    """Take a recall in there: what is known of its tubes, and the signed answer."""
    with there.inside() as people:
        kept = obeying.take_in(people.technician, file)
        return recalls.states(kept), recalls.signed_answer(kept)


def newest_answer(there):
    with there.inside() as people:
        [recall] = recalls.every(people.technician)
        return recalls.signed_answer(recall)


def ended(there, *codes, state=RecalledState.DESTROYED, note=None):
    with there.inside() as people:
        [recall] = recalls.every(people.technician)
        obeying.end(people.technician, recall.id, codes, state=state, note=note)


def refusals(there, *codes):
    with pytest.raises(InvalidInput) as refused:
        ended(there, *codes)
    return [english(one) for one in refused.value.errors["codes"]]


def answered(here, file):
    with here.inside() as people:
        kept = answers.take_in(people.dpo, file, translate=english)
        return answers.tubes_of(kept), kept.recall.notice.status, kept.recall.notice.answer


def not_usable(there, *codes):
    with there.inside() as people:
        [recall] = recalls.every(people.technician)
        before = recall.taken_in_at - timedelta(days=1)
        return set(recalls.stopping(recall.partner_id, codes, sent_at=before))
