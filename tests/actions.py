"""How many actions each task takes: the promise, and what a scripted run in Chromium counts.

python -m tests.actions        writes docs/actions.md anew; `tests/browser/test_actions.py`
                               counts, and a test compares the page with this table
"""

from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "actions.md"

_HEAD = """\
# Actions

How many actions a task takes for hands that have a keyboard and a scanner and no mouse. A scan,
a key or a chord is one action; what must be typed whatever the page is none. The count begins
where the last column says and ends when the page says that it is recorded. `n` is the number of
tubes. Each row but those of the last table is run in Chromium by `tests/browser/test_actions.py`,
which fails when one takes more or fewer actions than are written here.

| Task | Goal | Counted | Met | Begins at | What is done |
|---|---|---|---|---|---|
"""

_UNCOUNTED = """
## Not counted yet

| Task | Goal |
|---|---|
"""


@dataclass(frozen=True)
class Task:
    """One task: how often each tube is scanned, and what comes besides; goal and count."""

    name: str
    goal: int
    counted: int
    begins: str
    how: str
    #: Whether each tube is one action more.
    each_tube: bool = False
    #: What stands for their number.
    each: str = "n"

    def actions(self, tubes: int = 0) -> int:
        """What a run with so many tubes is counted to take."""
        return self.counted + (tubes if self.each_tube else 0)

    def _written(self, besides: int) -> str:
        return f"{self.each} + {besides}" if self.each_tube else str(besides)

    @property
    def row(self) -> str:
        """The line of the table."""
        met = "yes" if self.counted <= self.goal else "**no**"
        goal, counted = self._written(self.goal), self._written(self.counted)
        return f"| {self.name} | {goal} | {counted} | {met} | {self.begins} | {self.how} |"


_HOME, _PAGE = "the home page", "the page of the task"
_SENT = "the tubes, `VALIDER`"

HOME = Task("Scan something", 0, 0, _HOME, "the scan field has the focus")
KIT = Task("Register a kit", 3, 3, _HOME, "participant, kit, `VALIDER`")
BAG = Task("Pack a shipment", 2, 2, _HOME, "bag, tubes, `FERMER`", each_tube=True)
UNDO = Task("Undo a slip within the minute", 1, 1, "any page", "`ANNULER`")
RECEIVE = Task("Receive", 1, 1, _PAGE, _SENT, each_tube=True)
DIVIDE = Task(
    "Make aliquots", 1, 2, _PAGE,
    "parent, labels of the children, `VALIDER`; the volume is the last one used", each_tube=True,
)  # fmt: skip
POOL = Task("Pool tubes", 2, 2, _PAGE, "the new tube, the tubes, `VALIDER`", each_tube=True)
PLACE = Task("Place in a box", 1, 2, _PAGE, "box, tubes, `VALIDER`", each_tube=True)
FIND = Task("See where a tube is", 1, 1, _HOME, "the tube: its page names box and cell")
PICK = Task(
    "Fetch the tubes of a request", 1, 1, _HOME, "list, tubes: the last one ends it", each_tube=True
)
RETURN = Task("Take a tube back", 2, 2, _PAGE, "tube, `VALIDER`")
DISPOSE = Task(
    "Throw away a tube that is used up", 2, 2, _PAGE,
    "tube, `VALIDER`; of one that is not empty the reason is chosen, with three keys more",
)  # fmt: skip
LABEL = Task("Print a label again", 2, 2, _HOME, "tube, `P`")

LOOSE = Task(
    "Register loose tubes", 2, 1, _HOME, "participant, tubes: the last one sends", each_tube=True
)
CONSENT = Task(
    "Record a consent", 2, 1, "the page of the form", "one key for each of `k` questions, Enter",
    each_tube=True, each="k",
)  # fmt: skip
RACK = Task("Place a rack from a file", 2, 2, "the box’s page for it", "the file, Enter")
INVENTORY = Task(
    "Inventory of a box", 3, 3, _PAGE, "box, the file of the rack scanner, Ctrl + Enter"
)

OFFLINE = Task(
    "Send what was scanned without a network", 0, 0, "any page",
    "it is kept in the browser and sent when the network is back",
)  # fmt: skip

COUNTED = (
    HOME, KIT, LOOSE, CONSENT, BAG, UNDO, RECEIVE, DIVIDE, POOL, PLACE, RACK, INVENTORY, FIND,
    PICK, RETURN, DISPOSE, LABEL, OFFLINE,
)  # fmt: skip

_NOTES = """
Where the goal is missed by one scan, that scan is the command that sends the list: without it
nobody could say that the list is complete, and a list sent too early would have to be undone.
"""

UNCOUNTED = {
    "Include a participant": "7 (kept by `tests/browser/test_inclusion.py`)",
    "Import a file": "3",
    "Count for a study, five criteria": "5",
    "Ask for an extract after counting": "3",
}


def page() -> str:
    """The whole document."""
    rows = "\n".join(task.row for task in COUNTED)
    rest = "\n".join(f"| {name} | {goal} |" for name, goal in UNCOUNTED.items())
    return f"{_HEAD}{rows}\n{_NOTES}{_UNCOUNTED}{rest}\n"


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
