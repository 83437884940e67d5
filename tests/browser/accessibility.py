"""What axe finds wrong with a page for people who do not see, hear or point well.

It finds about half of what can be wrong; no finding is not a proof.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line for each fault: its rule, where it is, and what to do."""
    found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response
    return [
        f"{violation['id']} at {', '.join(map(str, node['target']))}: {violation['help']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
