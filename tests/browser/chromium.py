"""Which Chromium the browser tests drive, and how it is started.

python -m tests.browser.chromium     prints its path and version; fails when there is none
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

#: Nothing the browser does of its own accord may leave the machine or differ between runs.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]


def _candidates() -> Iterator[str]:
    yield os.environ.get("CHROMIUM", "")
    for name in _NAMES:
        yield shutil.which(name) or ""
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _version(path: str) -> str:
    """What the program says of itself; empty when it does not start."""
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def find() -> str | None:
    """The first browser that really starts: the one named by CHROMIUM, then the system's."""
    return next((path for path in _candidates() if Path(path).is_file() and _version(path)), None)


def arguments() -> list[str]:
    """The command line; Chromium's sandbox does not work for root."""
    return [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS


def main() -> int:
    """Print the browser that would be used."""
    path = find()
    if path is None:
        return 1
    print(f"{path} ({_version(path)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
