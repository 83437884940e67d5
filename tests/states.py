"""Draws the state machines from their tables, and the consent decision from its own.

make architecture        (python -m tests.states writes docs/states/ anew)
"""

from collections.abc import Callable
from pathlib import Path

from registry.applications.policies import TRANSITIONS
from registry.custody.destruction import policies as destroying
from registry.custody.incidents import policies as incident_policies
from registry.custody.policies import transitions
from registry.custody.shipments import policies as shipping
from registry.dossiers import policies as dossiers
from registry.identity.qualification import policies as qualification
from registry.labels import policies as labels
from registry.vocab.applications import Party, State
from registry.vocab.custody import ActKind, HolderKind, OrderAct, OrderStatus
from registry.vocab.dossiers import OppositionAct, OppositionState
from registry.vocab.incidents import IncidentAct, IncidentState
from registry.vocab.labels import label
from registry.vocab.national import IdentityStatus, QualificationAct
from registry.vocab.printing import PrintAct, PrintState
from registry.vocab.shipping import ShipmentAct, ShipmentState
from tests import consent_rules

DIRECTORY = Path(__file__).parents[1] / "docs" / "states"

_APPLICATIONS = """# The states of a request

Drawn from `TRANSITIONS` in `registry/applications/policies.py` by `make architecture`;
a test compares the two.  What has no arrow cannot happen.

```mermaid
stateDiagram-v2
{diagram}
```

| State | |
|---|---|
{states}

| Party | |
|---|---|
{parties}
"""

_CUSTODY = """# Who holds a sample, and which act hands it on

Drawn from `ALLOWED_FROM` and `LEADS_TO` in `registry/custody/policies.py` by
`make architecture`; a test compares the two.  What has no arrow cannot happen.  A
correction leads back to where the sample was, and is left out.

```mermaid
stateDiagram-v2
{diagram}
```

| Holder | |
|---|---|
{holders}

| Act | |
|---|---|
{acts}
"""

_IDENTITY = """# How far an identity can be trusted, and what changes it

Drawn from `TRANSITIONS` in `registry/identity/qualification/policies.py` by
`make architecture`; a test compares the two.  What has no arrow cannot happen.  A status is
what its two facts say: was the INS retrieved, was a document checked.  An identity marked as
doubtful or fictitious can do neither, and stays provisional until the mark is taken off.

```mermaid
stateDiagram-v2
{diagram}
```

| Status | | INS retrieved | Document checked |
|---|---|---|---|
{statuses}

| Act | |
|---|---|
{acts}
"""

_OPPOSITIONS = """# What becomes of an opposition from home

Drawn from `TRANSITIONS` in `registry/dossiers/policies.py` by `make architecture`; a test
compares the two.  What has no arrow cannot happen.  In every state what was opposed is stopped:
see decision 14.

```mermaid
stateDiagram-v2
{diagram}
```

| State | |
|---|---|
{states}

| Act | |
|---|---|
{acts}
"""


_DESTRUCTION = """# An order to destroy a sample

Drawn from `TRANSITIONS` in `registry/custody/destruction/policies.py` by `make architecture`;
a test compares the two.  What has no arrow cannot happen.  An order comes with a withdrawal; it
is carried out by one person before another, and cancelled when a new consent releases the sample.

```mermaid
stateDiagram-v2
{diagram}
```

| Status | |
|---|---|
{statuses}

| Act | |
|---|---|
{acts}
"""


_SHIPMENTS = """# The states of a shipment

Drawn from `TRANSITIONS` in `registry/custody/shipments/policies.py` by `make architecture`; a
test compares the two.  What has no arrow cannot happen.  A tube of a shipment that has left is
held by the shipment, then by the partner or the bench of the other site: see `custody.md`.

```mermaid
stateDiagram-v2
{diagram}
```

| State | |
|---|---|
{states}

| Act | |
|---|---|
{acts}
"""


def applications() -> str:
    """The whole page about requests."""
    lines = [f"    [*] --> {State.DRAFT.value}"]
    for state, row in TRANSITIONS.items():
        lines += [
            f"    {state.value} --> {one.to.value}: {act.value} ({one.by.value})"
            for act, one in row.items()
        ]
        if not row:
            lines.append(f"    {state.value} --> [*]")
    return _APPLICATIONS.format(
        diagram="\n".join(lines),
        states="\n".join(f"| `{state.value}` | {label(state)} |" for state in State),
        parties="\n".join(f"| `{party.value}` | {label(party)} |" for party in Party),
    )


def custody() -> str:
    """The whole page about samples; acts between the same holders share an arrow."""
    arrows: dict[tuple[str, str], set[ActKind]] = {}
    for before, act, after in transitions():
        ends = (before.value if before else "[*]", after.value if after else "[*]")
        arrows.setdefault(ends, set()).add(act)
    lines = [
        f"    {before} --> {after}: {', '.join(act.value for act in ActKind if act in acts)}"
        for (before, after), acts in sorted(arrows.items())
    ]
    return _CUSTODY.format(
        diagram="\n".join(lines),
        holders="\n".join(f"| `{holder.value}` | {label(holder)} |" for holder in HolderKind),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in ActKind),
    )


def identity() -> str:
    """The whole page about identities; acts between the same statuses share an arrow."""
    arrows: dict[tuple[IdentityStatus, IdentityStatus], list[QualificationAct]] = {}
    for before, row in qualification.TRANSITIONS.items():
        for act, after in row.items():
            arrows.setdefault((before, after), []).append(act)
    lines = [f"    [*] --> {IdentityStatus.PROVISIONAL.value}"]
    lines += [
        f"    {before.value} --> {after.value}: {', '.join(act.value for act in acts)}"
        for (before, after), acts in arrows.items()
    ]
    retrieved = (IdentityStatus.RETRIEVED, IdentityStatus.QUALIFIED)
    checked = (IdentityStatus.VALIDATED, IdentityStatus.QUALIFIED)

    def said(yes: bool) -> str:
        return "yes" if yes else "no"

    return _IDENTITY.format(
        diagram="\n".join(lines),
        statuses="\n".join(
            f"| `{one.value}` | {label(one)} | {said(one in retrieved)} | {said(one in checked)} |"
            for one in IdentityStatus
        ),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in QualificationAct),
    )


def oppositions() -> str:
    """The whole page about oppositions from home."""
    lines = [f"    [*] --> {OppositionState.WAITING.value}"]
    for state, row in dossiers.TRANSITIONS.items():
        lines += [f"    {state.value} --> {to.value}: {act.value}" for act, to in row.items()]
        if not row:
            lines.append(f"    {state.value} --> [*]")
    return _OPPOSITIONS.format(
        diagram="\n".join(lines),
        states="\n".join(f"| `{state.value}` | {label(state)} |" for state in OppositionState),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in OppositionAct),
    )


def destruction() -> str:
    """The whole page about orders to destroy."""
    lines = [f"    [*] --> {OrderStatus.ORDERED.value}"]
    for status, row in destroying.TRANSITIONS.items():
        lines += [f"    {status.value} --> {to.value}: {act.value}" for act, to in row.items()]
        if not row:
            lines.append(f"    {status.value} --> [*]")
    return _DESTRUCTION.format(
        diagram="\n".join(lines),
        statuses="\n".join(f"| `{one.value}` | {label(one)} |" for one in OrderStatus),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in OrderAct),
    )


def shipments() -> str:
    """The whole page about shipments."""
    lines = [f"    [*] --> {ShipmentState.DRAFT.value}"]
    for state, row in shipping.TRANSITIONS.items():
        lines += [f"    {state.value} --> {to.value}: {act.value}" for act, to in row.items()]
        if not row:
            lines.append(f"    {state.value} --> [*]")
    return _SHIPMENTS.format(
        diagram="\n".join(lines),
        states="\n".join(f"| `{state.value}` | {label(state)} |" for state in ShipmentState),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in ShipmentAct),
    )


_PRINTING = """# What becomes of labels sent to a printer

Drawn from `TRANSITIONS` in `registry/labels/policies.py` by `make architecture`; a test
compares the two.  What has no arrow cannot happen.

```mermaid
stateDiagram-v2
{diagram}
```

| State | |
|---|---|
{states}

| Act | |
|---|---|
{acts}
"""


def printing() -> str:
    """The whole page about labels on their way to a printer."""
    lines = [
        f"    {state.value} --> {to.value}: {act.value}"
        for (state, act), to in labels.TRANSITIONS.items()
    ]
    return _PRINTING.format(
        diagram="\n".join([f"    [*] --> {PrintState.WAITING.value}", *lines]),
        states="\n".join(f"| `{state.value}` | {label(state)} |" for state in PrintState),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in PrintAct),
    )


_INCIDENTS = """# The states of a quality incident

Drawn from `TRANSITIONS` in `registry/custody/incidents/policies.py` by `make architecture`; a
test compares the two.  What has no arrow cannot happen.  Its samples are in quarantine until
somebody else than who reported it has decided what becomes of each.

```mermaid
stateDiagram-v2
{diagram}
```

| State | |
|---|---|
{states}

| Act | |
|---|---|
{acts}
"""


def incidents() -> str:
    """The whole page about quality incidents."""
    lines = [
        f"    {state.value} --> {to.value}: {act.value}"
        for (state, act), after in incident_policies.TRANSITIONS.items()
        for to in IncidentState
        if to in after
    ]
    return _INCIDENTS.format(
        diagram="\n".join([f"    [*] --> {IncidentState.OPEN.value}", *lines]),
        states="\n".join(f"| `{state.value}` | {label(state)} |" for state in IncidentState),
        acts="\n".join(f"| `{act.value}` | {label(act)} |" for act in IncidentAct),
    )


#: Each page and what draws it.
PAGES: dict[Path, Callable[[], str]] = {
    DIRECTORY / "applications.md": applications,
    DIRECTORY / "custody.md": custody,
    DIRECTORY / "destruction.md": destruction,
    DIRECTORY / "incidents.md": incidents,
    DIRECTORY / "identity.md": identity,
    DIRECTORY / "oppositions.md": oppositions,
    DIRECTORY / "shipments.md": shipments,
    DIRECTORY / "printing.md": printing,
    DIRECTORY.parent / "consent-decision.md": consent_rules.drawn,
}

if __name__ == "__main__":
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for page, drawn in PAGES.items():
        page.write_text(drawn(), encoding="utf-8")
