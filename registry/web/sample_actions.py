"""What can be done with a sample now, and why the rest cannot.

What a person's roles never allow is not offered at all; what the sample's
state does not allow is shown with the reason, in the words of the rule itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from registry.access import Permission, allows
from registry.consents import decision
from registry.consents.decision import Decision
from registry.custody import asking, policies
from registry.custody.defined import queries as defined
from registry.custody.defined.definition import Definition
from registry.custody.exposures import waiting
from registry.custody.picking import reserving
from registry.custody.quarantine import policies as quarantine
from registry.custody.queries import SamplePage
from registry.custody.shipments import queries as shipments
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.vocab.consent import Use
from registry.vocab.custody import ActKind

#: The uses of which the consent must allow one for an act to be possible.
_USES: Mapping[ActKind, tuple[Use, ...]] = {
    ActKind.ALIQUOTED: (Use.STORE,),
    ActKind.POOLED: (Use.STORE,),
    ActKind.CHECKED_OUT: tuple(dict.fromkeys(asking.USE_OF.values())),
    ActKind.CONSUMED: tuple(dict.fromkeys(asking.USE_OF.values())),
    ActKind.RELEASED: (Use.STORE,),
}
#: What takes something out of the tube.
_DRAWING = (ActKind.ALIQUOTED, ActKind.POOLED, ActKind.CONSUMED)
_ASKED = tuple({use for uses in _USES.values() for use in uses})


@dataclass(frozen=True)
class Action:
    """One thing to do: its name, where it is done, and why not now."""

    label: Message
    url: str
    why_not: Message | None = None


def for_sample(actor: Actor, tube: SamplePage) -> Sequence[Action]:
    """The acts on this sample in the order of its life; those possible now first."""
    code = tube.sample.code
    offered = (
        (ActKind.RECEIVED, Permission.SAMPLE_RECEIVE, T("Receive"),
         url_for("custody.receive", code=code)),
        (ActKind.CENTRIFUGED, Permission.SAMPLE_RECEIVE, T("Record a centrifugation"),
         url_for("custody.process", kind=ActKind.CENTRIFUGED.value, code=code)),
        (ActKind.ALIQUOTED, Permission.SAMPLE_ALIQUOT, T("Make aliquots"),
         url_for("custody.new_aliquots", code=code)),
        (ActKind.POOLED, Permission.SAMPLE_ALIQUOT, T("Pool with others"),
         url_for("pooling.new", code=code)),
        (ActKind.FROZEN, Permission.SAMPLE_RECEIVE, T("Record a freezing"),
         url_for("custody.process", kind=ActKind.FROZEN.value, code=code)),
        (ActKind.THAWED, Permission.SAMPLE_RECEIVE, T("Record a thawing"),
         url_for("custody.process", kind=ActKind.THAWED.value, code=code)),
        (ActKind.PLACED, Permission.SAMPLE_PLACE, T("Place in a box"),
         url_for("custody.place", code=code)),
        (ActKind.MOVED, Permission.SAMPLE_PLACE, T("Move to another cell"),
         url_for("custody.place", code=code)),
        (ActKind.CHECKED_OUT, Permission.SAMPLE_CHECK_OUT, T("Check out"),
         url_for("handover.check_out", code=code)),
        _taking_back(actor, tube),
        (ActKind.CONSUMED, Permission.SAMPLE_CHECK_OUT, T("Record what was used"),
         url_for("handover.consume", code=code)),
        (ActKind.QUARANTINED, Permission.INCIDENT_REPORT, T("Report a quality incident"),
         url_for("incidents.new", code=code)),
        (ActKind.DISPOSED, Permission.SAMPLE_DISPOSE, T("Throw away"),
         url_for("handover.dispose", code=code)),
        (ActKind.DESTROYED, Permission.SAMPLE_DESTROY, T("Destroy"),
         url_for("destruction.destroy", code=code)),
        (ActKind.RELEASED, Permission.SAMPLE_RELEASE, T("Release from quarantine"),
         url_for("destruction.release", code=code)),
    )  # fmt: skip
    standing = decision.decide_uses(tube.participant_id, _ASKED, clock.today())
    found = [
        Action(label, url, _why_not(kind, tube, standing))
        for kind, permission, label, url in offered
        if allows(actor, permission, tube.sample) and _concerns(kind, tube)
    ]
    found += _defined(actor, tube, standing)
    return sorted(found, key=lambda action: action.why_not is not None)


def _defined(actor: Actor, tube: SamplePage, standing: Mapping[Use, Decision]) -> list[Action]:
    """What an administrator defined, in the order of the codes."""
    if not allows(actor, Permission.DEFINED_ACT_RECORD, tube.sample):
        return []
    offered = defined.newest()
    is_used = any(one.definition.use is not None for one in offered)
    kept_by = _kept_by(tube) if is_used else None
    return [
        Action(
            one.definition.name,
            url_for("acting.record", code=one.code, tube=tube.sample.code),
            _why_not_defined(one.definition, tube, kept_by, standing),
        )
        for one in offered
    ]


def _why_not_defined(
    definition: Definition,
    tube: SamplePage,
    kept_by: Message | None,
    standing: Mapping[Use, Decision],
) -> Message | None:
    sample = tube.sample
    if sample.status not in definition.holders:
        return policies.refusal(sample.status, code=sample.code, place=sample.place)
    if definition.use is None:
        return None
    use = asking.USE_OF[definition.use]
    return kept_by or (None if standing[use].is_allowed else decision.refusal(use, standing[use]))


def _taking_back(actor: Actor, tube: SamplePage) -> tuple[ActKind, Permission, Message, str]:
    """From whoever has it: what is away comes back on the page of its shipment."""
    code = tube.sample.code
    if tube.sample.status in policies.AWAY and allows(actor, Permission.SHIPMENT_READ):
        found = shipments.of_sample(actor, code)
        if found is not None:
            url = url_for("shipments.come_back", code=found.code, tube=code)
            return ActKind.RETURNED, Permission.SHIPMENT_PREPARE, T("Take back"), url
    url = url_for("handover.take_back", code=code)
    return ActKind.RETURNED, Permission.SAMPLE_CHECK_OUT, T("Take back"), url


def _concerns(kind: ActKind, tube: SamplePage) -> bool:
    """Whether there is any question of it: nobody destroys or releases what is not barred."""
    if kind is ActKind.DESTROYED:
        return tube.barred is not None and tube.barred.is_to_destroy
    return kind is not ActKind.RELEASED or tube.barred is not None


def _why_not(kind: ActKind, tube: SamplePage, standing: Mapping[Use, Decision]) -> Message | None:
    sample = tube.sample
    if kind not in policies.allowed_acts(sample.status):
        return policies.refusal(sample.status, code=sample.code, place=sample.place)
    if kind not in tube.allowed:
        return _kept_by(tube)
    asked = _USES.get(kind, ())
    if asked and not any(standing[use].is_allowed for use in asked):
        return decision.refusal(asked[0], standing[asked[0]])
    if kind in _DRAWING and sample.remaining == 0:
        return T("Nothing is left in {code}.", code=sample.code)
    return None


def _kept_by(tube: SamplePage) -> Message | None:
    """What keeps a tube from being used that its holder would let go."""
    code = tube.sample.code
    if tube.barred is not None:
        return quarantine.refusal(code)
    if tube.reserved is not None:
        return reserving.refusal(code, tube.reserved)
    return waiting.why_waiting(tube.sample.id, code)
