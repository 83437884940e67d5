"""Draws the states of a request from the table of its transitions.

python -m tests.states        writes docs/states/applications.md anew
"""

from pathlib import Path

from registry.applications.policies import TRANSITIONS
from registry.vocab.applications import Party, State
from registry.vocab.labels import label

FILE = Path(__file__).parents[1] / "docs" / "states" / "applications.md"

_TEXT = """# The states of a request

Drawn from `TRANSITIONS` in `registry/applications/policies.py` by `python -m tests.states`;
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


def drawn() -> str:
    """The whole document."""
    lines = [f"    [*] --> {State.DRAFT.value}"]
    for state, row in TRANSITIONS.items():
        lines += [
            f"    {state.value} --> {one.to.value}: {act.value} ({one.by.value})"
            for act, one in row.items()
        ]
        if not row:
            lines.append(f"    {state.value} --> [*]")
    return _TEXT.format(
        diagram="\n".join(lines),
        states="\n".join(f"| `{state.value}` | {label(state)} |" for state in State),
        parties="\n".join(f"| `{party.value}` | {label(party)} |" for party in Party),
    )


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(drawn(), encoding="utf-8")
