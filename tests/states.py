"""Draws the state machines from their tables: the states of a request, the holders of a sample.

make architecture        (python -m tests.states writes docs/states/ anew)
"""

from collections.abc import Callable
from pathlib import Path

from registry.applications.policies import TRANSITIONS
from registry.custody.policies import transitions
from registry.vocab.applications import Party, State
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.labels import label

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


#: Each page and what draws it.
PAGES: dict[Path, Callable[[], str]] = {
    DIRECTORY / "applications.md": applications,
    DIRECTORY / "custody.md": custody,
}

if __name__ == "__main__":
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for page, drawn in PAGES.items():
        page.write_text(drawn(), encoding="utf-8")
