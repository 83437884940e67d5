"""Run every benchmark, or the named ones; keep the results as JSON and print a table."""

import importlib
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.harness import Result

HERE = Path(__file__).parent
RESULTS = HERE / "results"
MARKS = {True: "yes", False: "NO", None: "–"}


def names() -> list[str]:
    """Every benchmark there is: bench_NAME.py."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def figure(value: float | None) -> str:
    """A number with as many digits as it deserves."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def show(name: str, results: list[Result], console: Console) -> None:
    """Print one benchmark's results as a table."""
    table = Table(title=name, title_justify="left")
    table.add_column("what")
    for column in ("figure", "± sd", "floor", "ratio"):
        table.add_column(column, justify="right")
    for column in ("unit", "goal", "met"):
        table.add_column(column)
    for one in results:
        numbers = (one.figure, one.spread, one.floor, one.ratio)
        goal = "–" if one.goal is None else str(one.goal)
        table.add_row(one.name, *map(figure, numbers), one.unit, goal, MARKS[one.met])
    console.print(table)


def main(*wanted: str) -> int:
    """Run them; 1 when a name is unknown or a goal was missed."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        console.print(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(names())}.")
        return 1
    missed = 0
    RESULTS.mkdir(exist_ok=True)
    for name in wanted or names():
        results: list[Result] = importlib.import_module(f"benchmarks.bench_{name}").run()
        records = json.dumps([one.as_json() for one in results], indent=2, ensure_ascii=False)
        (RESULTS / f"{name}.json").write_text(records + "\n", encoding="utf-8")
        show(name, results, console)
        missed += sum(one.met is False for one in results)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
