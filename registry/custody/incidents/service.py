"""Reporting incidents, deciding what becomes of their samples, closing them.

The incident is locked first, then participants, then their samples: the order
of everybody who does anything to tubes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.custody import policies as custody, recording
from registry.custody.family import with_descendants
from registry.custody.incidents import judging, policies, queries
from registry.custody.incidents.models import Incident, IncidentLine
from registry.custody.picking import stopping
from registry.custody.quarantine import opening
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.terms import queries as terms
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import numbering, queries as samples
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.custody import HolderKind
from registry.vocab.incidents import LETTER, IncidentAct, IncidentKind, Verdict
from registry.vocab.terms import Vocabulary


class Decided(NamedTuple):
    """What became of the samples that were decided together."""

    #: The codes of those that left the quarantine, or were thrown away.
    ended: Sequence[str]
    #: The codes of those that stay in quarantine for something else.
    staying: Sequence[str]


@transactional
def report(
    actor: Actor,
    codes: Sequence[str],
    *,
    kind: IncidentKind,
    term: str | None = None,
    account: str,
    noticed_at: datetime | None = None,
    with_children: bool = True,
) -> Incident:
    """Record what went wrong with samples of one site, and put them in quarantine, all or none.

    With them goes what was made of them.  `noticed_at` is now by default.

    :raises InvalidInput: the account says nothing, the moment is to come, the
        samples are of several sites, or some cannot be concerned; each is
        named under ``codes``.
    """
    require(actor, Permission.INCIDENT_REPORT)
    custody.check_reason(account)
    now = clock.now()
    custody.check_past(noticed_at or now, field="noticed_at")
    scanned = recording.read_codes(codes, field="codes")
    sites = {samples.get(actor, code).site_id for code in scanned}
    if len(sites) > 1:
        raise InvalidInput(
            T("The tubes are of several sites: report an incident for each."), field="codes"
        )
    said = terms.kept_alone(Vocabulary.INCIDENT_KIND, kind, term, field="kind")
    [code] = numbering.next_codes(1, letter=LETTER)
    incident = Incident(
        code=code,
        kind=kind,
        term=said,
        site_id=sites.pop(),
        account=account.strip(),
        noticed_at=noticed_at or now,
        opened_at=now,
        opened_by_id=actor.id,
    )
    registry_session.add(incident)
    registry_session.flush()
    _concern(actor, incident, scanned, with_children=with_children)
    return incident


@transactional
def add(
    actor: Actor, incident_id: int, codes: Sequence[str], *, with_children: bool = True
) -> Incident:
    """Let an incident concern more samples.

    :raises RuleBroken: it is closed.
    :raises InvalidInput: some cannot be concerned; each is named under ``codes``.
    """
    incident = _locked(actor, incident_id, Permission.INCIDENT_REPORT)
    policies.check_possible(IncidentAct.ADD, incident, _undecided(incident))
    scanned = recording.read_codes(codes, field="codes")
    _concern(actor, incident, scanned, with_children=with_children)
    return incident


def _concern(
    actor: Actor, incident: Incident, scanned: Sequence[str], *, with_children: bool
) -> None:
    known = set(
        registry_session.scalars(
            sa.select(IncidentLine.sample_id).where(IncidentLine.incident_id == incident.id)
        )
    )
    everyone = with_descendants(actor, scanned) if with_children else scanned
    holdings = recording.lock_holdings(actor, everyone)
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.INCIDENT_REPORT)
            if holding.sample_id in known:
                raise RuleBroken(
                    T("{code} is among the samples of this incident already.", code=code)
                )
            if holding.kind is HolderKind.DESTROYED:
                raise RuleBroken(custody.refusal(holding.kind, code=code, place=holding.place))
    refusals.raise_if_any()
    concerned = [
        one
        for one in holdings.values()
        if one.sample_id not in known and one.kind is not HolderKind.DESTROYED
    ]
    registry_session.add_all(
        IncidentLine(incident_id=incident.id, sample_id=one.sample_id) for one in concerned
    )
    registry_session.flush()
    opening.put(actor, concerned, cause=incident.cause)
    stopping.stop(actor, [one.sample_id for one in concerned], cause=incident.cause)
    audit.record(
        actor,
        AuditTag.INCIDENT_REPORTED,
        incident,
        kind=incident.kind,
        tubes=[one.sample.code for one in concerned],
    )


@transactional
def decide(
    actor: Actor, incident_id: int, codes: Sequence[str], *, verdict: Verdict, reason: str
) -> Decided:
    """Say what becomes of samples of an incident, all or none.

    What is fit leaves the quarantine, unless another incident or the
    participant's consent keeps it there; what is fit for nothing is thrown away.

    :raises RuleBroken: the actor reported it, or nothing is to be decided.
    :raises InvalidInput: the reason says nothing, or some were refused; each is
        named under ``codes``.
    """
    incident = _locked(actor, incident_id, Permission.INCIDENT_DECIDE)
    policies.check_is_another(actor, incident)
    policies.check_possible(IncidentAct.DECIDE, incident, _undecided(incident))
    custody.check_reason(reason)
    scanned = recording.read_codes(codes, field="codes")
    lines = {line.sample.code: line for line in _open_lines(incident)}
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            if code not in lines:
                raise RuleBroken(T("{code} is not to be decided in this incident.", code=code))
    refusals.raise_if_any()
    may_be_kept = judging.may_be_kept({lines[code].sample.participant_id for code in scanned})
    holdings = recording.lock_holdings(actor, scanned)
    for code in scanned:
        with refusals.gathered(code):
            recording.found_among(actor, holdings, code, Permission.INCIDENT_DECIDE)
    refusals.raise_if_any()
    for code in scanned:
        _enter(actor, lines[code], verdict, reason.strip())
    registry_session.flush()
    judged = [holdings[code] for code in scanned]
    ended = judging.follow(actor, judged, verdict, reason.strip(), may_be_kept)
    audit.record(
        actor,
        AuditTag.INCIDENT_DECIDED,
        incident,
        reason=reason.strip(),
        verdict=verdict,
        tubes=list(scanned),
    )
    return Decided(ended, [code for code in scanned if code not in ended])


def _enter(actor: Actor, line: IncidentLine, verdict: Verdict, reason: str) -> None:
    line.verdict = verdict
    line.reason = reason
    line.decided_at = clock.now()
    line.decided_by_id = actor.id


@transactional
def close(actor: Actor, incident_id: int, *, root_cause: str, corrective_action: str) -> Incident:
    """Say why it happened and what is done so that it does not happen again.

    :raises RuleBroken: some samples are not decided yet, it is closed already,
        or the actor reported it.
    :raises InvalidInput: one of the two says nothing.
    """
    incident = _locked(actor, incident_id, Permission.INCIDENT_DECIDE)
    policies.check_is_another(actor, incident)
    policies.check_possible(IncidentAct.CLOSE, incident, _undecided(incident))
    for text in (root_cause, corrective_action):
        custody.check_reason(text)
    incident.root_cause = root_cause.strip()
    incident.corrective_action = corrective_action.strip()
    incident.closed_at = clock.now()
    incident.closed_by_id = actor.id
    audit.record(actor, AuditTag.INCIDENT_CLOSED, incident)
    return incident


def _locked(actor: Actor, incident_id: int, permission: Permission) -> Incident:
    """The incident, kept from other writers, for a person who may do this at its site."""
    incident = lock_row(Incident, incident_id)
    require(actor, permission, incident)
    return incident


def _undecided(incident: Incident) -> int:
    return queries.undecided([incident.id]).get(incident.id, 0)


def _open_lines(incident: Incident) -> Sequence[IncidentLine]:
    return registry_session.scalars(
        sa.select(IncidentLine)
        .where(IncidentLine.incident_id == incident.id, IncidentLine.verdict.is_(None))
        .execution_options(populate_existing=True)
    ).all()
