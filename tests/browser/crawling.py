"""A walk along links without a browser: one page of each kind that they lead somebody to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.walks.people import token

PRACTICE = "/practice/bev-practice"
NEVER_CLOSED = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "source"))


@dataclass(frozen=True)
class Found:
    """A page as it came: what answered, where, its text and what it is made of."""

    endpoint: str
    address: str
    links: tuple[str, ...]
    shapes: frozenset[str]


@dataclass
class _Reader(HTMLParser):
    """Reads where a page's links lead, and the shapes of what it is made of.

    A shape is the way down to an element, by tags and classes, and the attributes that it has:
    two rows of a table have the same, and two people's pages of one kind have nearly the same.
    """

    links: list[str] = field(default_factory=list)
    shapes: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what begins here."""
        given = dict(attrs)
        name = f"{tag}.{given.get('class') or ''}"
        self.shapes.add(" ".join((*self.open, name, *sorted(given))))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag not in NEVER_CLOSED:
            self.open.append(name)

    def handle_endtag(self, tag: str) -> None:
        """Go up to what holds the element that ends here."""
        tags = [name.partition(".")[0] for name in self.open]
        if tag in tags:
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]


def practising(app: Flask) -> FlaskClient:
    """Return the browser of somebody unknown, who practises."""
    client = app.test_client()
    sent = {"csrf_token": token(client.get(PRACTICE))}
    assert client.post(PRACTICE, data=sent).location == f"{PRACTICE}/1"
    return client


def speaking(client: FlaskClient, language: str) -> FlaskClient:
    """Return the browser once its person has chosen a language."""
    sent = {"csrf_token": token(client.get("/")), "language": language}
    assert client.post("/language", data=sent).status_code == 302
    return client


def endpoint_of(app: Flask, address: str) -> str | None:
    """Return the endpoint that answers at an address of this site, by its path."""
    try:
        return str(app.url_map.bind("").match(urlsplit(address).path)[0])
    except HTTPException:
        return None


def crawl(client: FlaskClient, passed_by: frozenset[str]) -> Iterator[Found]:
    """Yield one page of each kind that links lead to, save the kinds that are passed by."""
    app = client.application
    waiting, seen = ["/", f"{PRACTICE}/1"], set[str | None]()
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        if endpoint in seen or endpoint is None or endpoint in passed_by:
            continue
        seen.add(endpoint)
        found = _open(client, address)
        if found is not None:
            yield found
            waiting += found.links


def _open(client: FlaskClient, address: str) -> Found | None:
    """Return the page at an address, in the end; None where something else than a page answers."""
    answer = client.get(address, follow_redirects=True, headers={"Accept": "text/html"})
    assert answer.status_code == 200, f"{answer.status_code} at {address}"
    if answer.mimetype != "text/html":
        return None
    reader = _Reader()
    reader.feed(answer.text)
    here = answer.request.path
    links = [urljoin(answer.request.full_path.rstrip("?"), each) for each in reader.links]
    own = tuple(each for each in links if not urlsplit(each).netloc)
    endpoint = endpoint_of(client.application, here) or ""
    return Found(endpoint, address, own, frozenset(reader.shapes))
