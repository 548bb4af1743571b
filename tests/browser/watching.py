"""What a page did that no page of ours may: leave the origin, break the policy, raise an error."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

REFUSED_DOCUMENT = "Failed to load resource: the server responded with a status of 4"


class Watch:
    """Faults seen in one browser context since it was opened.

    A test that takes the connection away names the beginnings of the faults that follow from it.
    """

    def __init__(
        self, context: BrowserContext, origin: str, expected: tuple[str, ...] = ()
    ) -> None:
        self.faults: list[str] = []
        self._origin = origin
        self._expected = expected
        context.on("request", self._see_request)
        context.on("response", self._see_response)
        context.on("page", self._see_page)

    def _see(self, fault: str) -> None:
        if not fault.startswith(self._expected):
            self.faults.append(fault)

    def _see_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        own = f"{parts.scheme}://{parts.netloc}" == self._origin
        if not own and parts.scheme not in ("data", "blob"):
            self._see(f"left the origin: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self._see(f"missing: {response.status} for {response.url}")

    def _see_page(self, page: Page) -> None:
        page.on("console", self._see_console)
        page.on("pageerror", lambda error: self._see(f"script error: {error}"))

    def _see_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED_DOCUMENT):
            self._see(f"console: {message.text}")
