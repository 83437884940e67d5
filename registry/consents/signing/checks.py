"""Quality control: a second person compares the record with its scan; the last check counts."""

from registry import audit
from registry.access import Permission, require
from registry.consents.signing import policies, proofs
from registry.consents.signing.models import Consent, ConsentCheck
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import CheckOutcome


@transactional
def check(
    actor: Actor, consent_id: int, *, outcome: CheckOutcome, remark: str | None = None
) -> ConsentCheck:
    """Say whether the record says what the scan shows.

    :raises NotPermitted: the actor recorded it, or may not check at this site.
    :raises InvalidInput: it is not in order, and nobody says what is wrong.
    :raises RuleBroken: there is no scan, or the record was corrected since.
    """
    consent = lock_row(Consent, consent_id)
    lock_row(Participant, consent.participant_id)
    require(actor, Permission.CONSENT_CHECK, consent)
    policies.check_can_be_opened(consent)
    if proofs.is_corrected(consent):
        raise RuleBroken(T("This record has been corrected since. Check the newer one."))
    if outcome is CheckOutcome.FAILED and not remark:
        raise InvalidInput(T("Say what is not in order."), field="remark")
    row = ConsentCheck(
        outcome=outcome, remark=remark, recorded_at=clock.now(), recorded_by_id=actor.id
    )
    consent.checks.append(row)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.CONSENT_CHECKED,
        consent.participant,
        reason=remark,
        consent=consent.id,
        outcome=outcome,
    )
    return row
