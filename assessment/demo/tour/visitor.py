"""A visitor: a browser without scripts, with cookies of its own, that follows links and forms."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from assessment.demo.tour.pages import Entries, Form, Page
from assessment.errors import AssessmentError
from assessment.ids import new_id

MOST_MOVES = 5
PATIENCE_SECONDS = 30


class StepFailed(AssessmentError):
    """A step of the tour does not hold; the sentence says which."""

    code = "step_failed"


@dataclass(frozen=True)
class Answer:
    """What came back: where from, how long it took, and what it is."""

    url: str
    status: int
    body: bytes
    seconds: float
    sent_at: datetime | None
    """When the server says that it answered the request itself, before any redirect."""

    @property
    def page(self) -> Page:
        """The answer as a page."""
        return Page(self.body.decode("utf-8", "replace"))


@dataclass(frozen=True)
class Upload:
    """A file that a form sends, under the name of its control."""

    control: str
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class _Body:
    data: bytes
    media_type: str


class _Staying(HTTPRedirectHandler):
    """Redirects are followed by the visitor, who looks at each of them."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Visitor:
    """Somebody at a browser."""

    def __init__(self, site: str, language: str = "en") -> None:
        self.site = checked_site(site)
        self.language = language
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), _Staying())

    def get(self, address: str) -> Answer:
        """Return what is at an address; StepFailed unless it is there."""
        return self._go("GET", urljoin(f"{self.site}/", address), None)

    def send(self, form: Form, at: Answer, entries: Entries) -> Answer:
        """Return what a form answers, redirects followed; StepFailed unless it is taken."""
        body = _Body(urlencode(entries).encode(), "application/x-www-form-urlencoded")
        return self._go("POST", urljoin(at.url, form.action or at.url), body)

    def send_file(self, form: Form, at: Answer, upload: Upload) -> Answer:
        """Return what a form answers that sends a file."""
        body = _with_file(form.entries(), upload)
        return self._go("POST", urljoin(at.url, form.action or at.url), body)

    def switch_language(self, language: str) -> None:
        """Press the button that shows pages in another language."""
        at = self.get("/")
        for form in at.page.every_form():
            for button in form.element.all("button"):
                if button.attributes.get("value") == language:
                    self.send(form, at, [*form.entries(), ("language", language)])
                    return
        raise StepFailed(f"{at.url} has no button for the language {language}.")

    def _go(self, method: str, url: str, body: _Body | None) -> Answer:
        started = time.perf_counter()
        response = self._exchange(method, url, body)
        sent_at = _date(response)
        for _ in range(MOST_MOVES):
            moved = response.headers.get("Location")
            if not moved or response.status < 300 or response.status >= 400:
                break
            url = self._within(urljoin(url, moved))
            response = self._exchange("GET", url, None)
        took = time.perf_counter() - started
        answer = Answer(url, response.status, response.body, took, sent_at)
        if answer.status != 200:
            raise StepFailed(_complaint(method, answer))
        return answer

    def _exchange(self, method: str, url: str, body: _Body | None) -> _Response:
        headers = {"Accept-Language": self.language, "Referer": url}
        data = None if body is None else body.data
        if body is not None:
            headers["Content-Type"] = body.media_type
        request = Request(url, data, headers, method=method)  # noqa: S310 - `checked_site` lets http and https through
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as found:
                return _Response(found.status, found.headers, found.read())
        except HTTPError as other:  # a redirect, or a refusal with a page of its own
            with other:
                return _Response(other.code, other.headers, other.read())
        except (URLError, HTTPException, OSError) as away:
            reason = getattr(away, "reason", away)
            sentence = f"{self.site} does not answer ({reason}). Is `attest serve` running?"
            raise StepFailed(sentence) from None

    def _within(self, url: str) -> str:
        if not url.startswith(f"{self.site}/"):
            raise StepFailed(f"{self.site} sent the visitor away, to {url}.")
        return url


@dataclass(frozen=True)
class _Response:
    status: int
    headers: Message
    body: bytes


def _with_file(entries: Entries, upload: Upload) -> _Body:
    """Return a form with a file, as browsers send it."""
    border = new_id()
    lines = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in entries
    ]
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="{upload.control}"; '
        f'filename="{upload.name}"\r\nContent-Type: {upload.media_type}\r\n\r\n'
    )
    data = "".join([*lines, head]).encode() + upload.data + f"\r\n--{border}--\r\n".encode()
    return _Body(data, f"multipart/form-data; boundary={border}")


def checked_site(address: str) -> str:
    """Return the address of a site without its last slash; StepFailed if it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StepFailed(f"The address must look like http://127.0.0.1:8000; got {address!r}.")
    return address.rstrip("/")


def _date(response: _Response) -> datetime | None:
    stated = response.headers.get("Date")
    return parsedate_to_datetime(stated) if stated else None


def _complaint(method: str, answer: Answer) -> str:
    page = answer.page
    problems = page.lines("li") if answer.status == 422 else []
    said = " ".join([page.heading, *problems[:3]])
    return f"{method} {answer.url} answered {answer.status}: {said}"
