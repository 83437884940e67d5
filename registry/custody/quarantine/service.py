"""Ending the quarantine of samples, once the participant's consent allows keeping them again."""

from collections.abc import Sequence

from registry.access import Permission, require
from registry.consents import decision
from registry.custody import policies, recording
from registry.custody.destruction import ordering
from registry.custody.incidents import queries as incidents
from registry.custody.models import Holding
from registry.custody.quarantine import closing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.samples import queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab.consent import Use


@transactional
def release(actor: Actor, codes: Sequence[str], *, reason: str) -> Sequence[Sample]:
    """Let samples be used again, all or none; an order to destroy them is taken back.

    :raises InvalidInput: the reason says nothing, or some cannot be released:
        not in quarantine, an incident not decided, or the consent does not
        allow storing them; each is named under ``codes``.
    :raises NotPermitted: the actor releases nothing there.
    """
    require(actor, Permission.SAMPLE_RELEASE)
    policies.check_reason(reason)
    scanned = recording.read_codes(codes, field="codes")
    refusals = Refusals("codes")
    # Participants are locked before their samples are, as everywhere.
    owners = {code: samples.get(actor, code).participant_id for code in scanned}
    refused: dict[int, RuleBroken] = {}
    for owner in sorted(set(owners.values())):
        try:
            decision.require_allowed(owner, Use.STORE, on=clock.today())
        except RuleBroken as refusal:
            refused[owner] = refusal
    holdings = recording.lock_holdings(actor, scanned)
    for code in scanned:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_RELEASE)
            if owners[code] in refused:
                raise RuleBroken(refused[owners[code]].message)
            _release(actor, holding, reason.strip())
    refusals.raise_if_any()
    registry_session.flush()
    return [holdings[code].sample for code in scanned]


def _release(actor: Actor, holding: Holding, reason: str) -> None:
    code = holding.sample.code
    if closing.locked(holding.sample_id) is None:
        raise RuleBroken(T("{code} is not in quarantine.", code=code))
    incident = incidents.waiting_among([holding.sample_id]).get(holding.sample_id)
    if incident is not None:
        raise RuleBroken(
            T(
                "{code} waits for a decision on the incident {incident}.",
                code=code,
                incident=incident,
            )
        )
    ordering.cancel(actor, holding, reason=reason)
    closing.release(actor, holding, reason)
