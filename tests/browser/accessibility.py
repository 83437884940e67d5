"""What is wrong with a page for people who do not see, hear or point well.

Axe finds about half of what can be wrong; no finding is not a proof.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


_WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"


def violations(page: Page) -> list[str]:
    """One line for each fault: its rule, where it is, and what to do.

    A page that has to be pushed sideways is one (WCAG 2.2, 1.4.10).  A page that is still
    loading is waited for; that it is the page meant has to be expected before.
    """
    page.wait_for_load_state()
    wide, screen = page.evaluate(_WIDTHS)
    too_wide = [f"reflow at html: {wide} pixels wide on a screen of {screen}"]
    found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response
    return (too_wide if wide > screen else []) + [
        f"{violation['id']} at {', '.join(map(str, node['target']))}: {violation['help']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
