"""What can be done with a sample now, and why the rest cannot.

What a person's roles never allow is not offered at all; what the sample's
state does not allow is shown with the reason, in the words of the rule itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from registry.access import Permission, allows
from registry.custody import policies
from registry.custody.queries import SamplePage
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.vocab.custody import ActKind


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
        (ActKind.FROZEN, Permission.SAMPLE_RECEIVE, T("Record a freezing"),
         url_for("custody.process", kind=ActKind.FROZEN.value, code=code)),
        (ActKind.PLACED, Permission.SAMPLE_PLACE, T("Place in a box"),
         url_for("custody.place", code=code)),
        (ActKind.MOVED, Permission.SAMPLE_PLACE, T("Move to another cell"),
         url_for("custody.place", code=code)),
        (ActKind.CHECKED_OUT, Permission.SAMPLE_CHECK_OUT, T("Check out"),
         url_for("handover.check_out", code=code)),
        (ActKind.RETURNED, Permission.SAMPLE_CHECK_OUT, T("Take back"),
         url_for("handover.take_back", code=code)),
    )  # fmt: skip
    found = [
        Action(label, url, _why_not(kind, tube))
        for kind, permission, label, url in offered
        if allows(actor, permission, tube.sample)
    ]
    return sorted(found, key=lambda action: action.why_not is not None)


def _why_not(kind: ActKind, tube: SamplePage) -> Message | None:
    sample = tube.sample
    if kind not in tube.allowed:
        return policies.refusal(sample.status, code=sample.code, place=sample.place)
    if kind is ActKind.ALIQUOTED and sample.remaining == 0:
        return T("Nothing is left in {code}.", code=sample.code)
    return None
