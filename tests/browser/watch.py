"""Watching a page for what a person would not see and a test would not ask about.

A page that looks right may still have broken its content security policy,
thrown an error in a script or asked another machine for a file.
"""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# Chromium's own note that a response was not 2xx.  The watch judges responses
# itself: a refused form answers 409 or 422 and that is right.
_STATUS_NOTE = "Failed to load resource: the server responded with a status of"
# The same of a network that the test itself has cut.
_CUT_NOTE = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"

_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event => console.error(
    `content security policy: ${event.violatedDirective} refused ${event.blockedURI}`
));
"""


class Watch:
    """What went wrong, unseen, on one page and every address it visits."""

    def __init__(self, page: Page, own_address: str) -> None:
        self.problems: list[str] = []
        self._own = urlsplit(own_address).netloc
        page.add_init_script(_REPORT_VIOLATIONS)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith((_STATUS_NOTE, _CUT_NOTE)):
            self.problems.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self._own:
            self.problems.append(f"asked another machine: {request.url}")

    def _on_response(self, response: Response) -> None:
        kind = response.request.resource_type
        # What a page sends by itself may be refused as well as what a person sends.
        may_refuse = kind == "document" or "queue-scanned" in response.request.headers
        if response.status >= 500 or (response.status >= 400 and not may_refuse):
            self.problems.append(f"{response.status} for {kind} {response.url}")
