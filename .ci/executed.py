"""Fail unless every named part of the test run executed at least one test.

    python .ci/executed.py build/tests sqlite postgresql browser

A part whose tests were all skipped or deselected ends as green as one that ran.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def executed(report: Path) -> int:
    """How many tests really ran, by pytest's own report; 0 when there is none."""
    if not report.is_file():
        return 0
    cases = ET.parse(report).getroot().iter("testcase")
    return sum(case.find("skipped") is None for case in cases)


def main(directory: str, *parts: str) -> int:
    """Print what ran; 1 when a part did not."""
    counts = {part: executed(Path(directory) / f"{part}.xml") for part in parts}
    print("Executed:", ", ".join(f"{part} {count}" for part, count in counts.items()))
    missing = [part for part, count in counts.items() if not count]
    if missing:
        print(f"No test was executed in: {', '.join(missing)}.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
