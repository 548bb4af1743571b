"""What a first visit to each page weighs on the wire: the page and all that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from sqlalchemy import select

from assessment import transactions
from assessment.access import Role
from assessment.credentials.models import Credential
from assessment.demo.loading import load
from assessment.extensions import db
from assessment.people.models import Person, RoleGrant
from assessment.sittings.models import Sitting
from bench.browsers import ENCODINGS, Browser, Reply
from bench.figures import Figure, Finding
from bench.places import Kind, Places
from bench.servers import OURS, serving

LIMIT_KB = 200.0
FETCHED = frozenset({"stylesheet", "icon", "modulepreload", "preload"})
NAMED_BY_STYLE = re.compile(r"""url\(["']?([^"')]+)["']?\)|@import\s+["']([^"']+)["']""")
NAMED_BY_SCRIPT = re.compile(r"""\bfrom\s*["'](\.[^"']+)["']|\bimport\s*\(?["'](\.[^"']+)["']""")
PUBLIC = (
    "/",
    "/catalogue",
    "/achievements/hv-safety-theory",
    "/institutions/lantern-bay",
    "/tests/bev-pre",
    "/practice",
    "/sign-in",
    "/register",
    "/verify",
    "/terms",
)
OF_ROLES = {
    Role.REGISTRAR: ("/registrar",),
    Role.AUTHOR: ("/banks", "/banks/bev-safety"),
    Role.ADMINISTRATOR: ("/people",),
}


@dataclass(frozen=True)
class Tour:
    """The pages to weigh as one person of the demo; as a visitor, where there is no person."""

    person_id: str | None
    paths: tuple[str, ...]
    begins: str = ""
    """The key of a test to begin first; its question and its review are weighed as well."""


class Names(HTMLParser):
    """The addresses that a browser fetches for a page, without being asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element names."""
        given = dict(attrs)
        if tag == "link" and FETCHED & set((given.get("rel") or "").split()):
            self._note(given.get("href"))
        elif tag in {"script", "img", "source", "iframe", "object"}:
            self._note(given.get("src") or given.get("data"))

    def _note(self, address: str | None) -> None:
        if address and not address.startswith("data:"):
            self.found.append(address)


@dataclass
class Visit:
    """One first visit: nothing is in the browser's cache."""

    browser: Browser
    fetched: dict[str, int] = field(default_factory=dict)

    def weigh(self, path: str) -> float:
        """Return the kilobytes of the page at `path` and of all that it names, in any depth."""
        names = Names()
        names.feed(self.browser.get(path).text)
        self.fetched[path] = self._fetched(path).size
        for name in names.found:
            self._follow(urljoin(path, name))
        return sum(self.fetched.values()) / 1000

    def _follow(self, address: str) -> None:
        path = urlsplit(address).path
        if path in self.fetched:
            return
        self.fetched[path] = self._fetched(address).size
        for pattern, suffix in ((NAMED_BY_STYLE, ".css"), (NAMED_BY_SCRIPT, ".js")):
            if path.endswith(suffix):
                for groups in pattern.findall(self.browser.get(address).text):
                    name = next(filter(None, groups))
                    if not name.startswith(("data:", "#")):
                        self._follow(urljoin(address, name))

    def _fetched(self, address: str) -> Reply:
        reply = self.browser.get(address, ENCODINGS)
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} at {address}")
        return reply


def measure(places: Places) -> Iterator[Finding]:
    """Yield the weight of each main page of the demo, for whoever it is meant for."""
    installation = places.installation(Kind.SQLITE)
    with installation.app.app_context(), transactions.writing():
        load()
        tours = [Tour(None, PUBLIC), _of_newcomer(), _of_achiever(), *_of_staff()]
    with serving(OURS, installation.environ) as server:
        for tour in tours:
            browser = Browser(server.port)
            paths = (*tour.paths, *_enter(browser, tour))
            for path in paths:
                weight = Visit(browser).weigh(path)
                yield Figure(f"first visit: {_shown(path)}", weight, "kB", LIMIT_KB)


def _of_newcomer() -> Tour:
    """Return the tour of the learner who has done nothing yet."""
    sat = select(Sitting.learner_id)
    query = select(Person.id).where(Person.demo_order.is_not(None), Person.learner_id.not_in(sat))
    return Tour(db.session.scalars(query.order_by(Person.demo_order)).first(), (), "bev-pre")


def _of_achiever() -> Tour:
    """Return the tour of the learner who has a credential."""
    credential = db.session.scalars(select(Credential)).first()
    assert credential is not None  # noqa: S101 - the demo has one
    of_learner = credential.learner_id
    person_id = db.session.scalar(select(Person.id).where(Person.learner_id == of_learner))
    sitting_id = db.session.scalar(select(Sitting.id).where(Sitting.learner_id == of_learner))
    award = f"/awards/{credential.subject_id}"
    paths = ("/me", "/account", f"/sittings/{sitting_id}", award, f"/credentials/{credential.id}")
    return Tour(person_id, paths)


def _of_staff() -> Iterator[Tour]:
    for role, paths in OF_ROLES.items():
        query = select(RoleGrant.person_id).where(RoleGrant.role == role)
        yield Tour(db.session.scalars(query).first(), paths)


def _enter(browser: Browser, tour: Tour) -> tuple[str, ...]:
    """Sign in with one click, and begin the tour's test; return the pages of its sitting."""
    if tour.person_id is None:
        return ()
    token = browser.get("/sign-in").token
    browser.post(f"/demo/sign-in/{tour.person_id}", {"csrf_token": token})
    if not tour.begins:
        return ()
    path = f"/tests/{tour.begins}"
    begun = browser.post(path, {"terms": "y", "csrf_token": browser.get(path).token})
    sitting = urlsplit(begun.headers["Location"]).path
    return f"{sitting}/questions/1", f"{sitting}/review"


def _shown(path: str) -> str:
    """Return a path with its random part left out."""
    return re.sub(r"[a-z2-7]{26}", "...", path)
