"""What a person does at a page: sign in, scan, count what it took."""

from playwright.sync_api import Page, expect

from tests.factories.accounts import PASSWORD


def sign_in(page: Page, login: str = "nurse", language: str = "en") -> None:
    """Sign in by keyboard alone, once the language is chosen."""
    page.goto("/sign-in")
    page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    # The field takes the focus by itself; what is typed before that goes nowhere.
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


class Hands:
    """Hands that count: each scan, key or chord is an action, typed data is none."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def type(self, data: str) -> None:
        """What is asked for: it must be typed whatever the page."""
        self.page.keyboard.type(data)

    def press(self, *keys: str) -> None:
        """Going on, choosing, sending."""
        for key in keys:
            self.page.keyboard.press(key)
            self.actions += 1

    def choose(self, label: str, content: bytes) -> None:
        """A file, in the window that the field opens."""
        file = {"name": "scan.csv", "mimeType": "text/csv", "buffer": content}
        self.page.get_by_label(label).set_input_files(file)
        self.actions += 1

    def scan(self, *codes: str) -> None:
        """Holding the scanner at one label after the other."""
        scan(self.page, *codes)
        self.actions += len(codes)


def scan(page: Page, *codes: str) -> None:
    """What a scanner does with each label: it types, then presses Enter."""
    for code in codes:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
