"""What is shown at work: handed in by a learner, and seen by somebody at a link from a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from email import policy
from email.parser import BytesParser
from pathlib import Path

from assessment.demo.tour.learner import demanded
from assessment.demo.tour.pages import Form
from assessment.demo.tour.visitor import Answer, StepFailed, Upload, Visitor
from assessment.demo.works.pieces import TEXT, Piece, Work

PROFICIENT = "proficient"
LINK = re.compile(r"/observe/[\w-]+")


@dataclass(frozen=True)
class Witness:
    """Somebody who was there, as the learner names them."""

    name: str
    email: str
    employer: str


def hand_in(visitor: Visitor, task: str, work: Work, witness: Witness | None = None) -> Answer:
    """Return the page of a performance that holds a work and was handed in.

    A witness is named before it is: their link is then on its way.
    """
    begin = visitor.get(f"/tasks/{task}")
    page = visitor.send(_form_to(begin, f"/tasks/{task}"), begin, _plain(begin, f"/tasks/{task}"))
    for piece in work.pieces:
        _add(visitor, page, piece)
    if witness is not None:
        _name(visitor, page, witness)
    check = visitor.get(f"{page.url}/submit")
    form = demanded(check, "declared", "a way to hand it in")
    ticked = {name: "y" for name in ("declared", "others") if form.has(name)}
    return visitor.send(form, check, form.entries(**ticked))


def _form_to(at: Answer, path: str) -> Form:
    """Return the form of a page that sends to a path, or to the page itself."""
    for form in at.page.forms():
        if form.action in ("", path):
            return form
    raise StepFailed(f"{at.url} (“{at.page.heading}”) has no form that sends to {path}.")


def _plain(at: Answer, path: str) -> list[tuple[str, str]]:
    return _form_to(at, path).entries()


def _add(visitor: Visitor, page: Answer, piece: Piece) -> None:
    if piece.media_type == TEXT:
        at = visitor.get(f"{page.url}/texts")
        form = demanded(at, "text", "a place for a text")
        entries = form.entries(text=piece.data.decode(), criterion=list(piece.criteria))
        visitor.send(form, at, entries)
        return
    at = visitor.get(f"{page.url}/files")
    form = demanded(at, "file", "a place for a file")
    kept = visitor.send_file(form, at, Upload("file", piece.name, piece.media_type, piece.data))
    shows = demanded(kept, "criterion", "a way to say what a file shows")
    visitor.send(shows, kept, shows.entries(criterion=list(piece.criteria)))


def _name(visitor: Visitor, page: Answer, witness: Witness) -> None:
    at = visitor.get(f"{page.url}/observers")
    form = demanded(at, "employer", "a way to name somebody who saw it")
    entries = form.entries(name=witness.name, email=witness.email, employer=witness.employer)
    visitor.send(form, at, entries)


def link_in(outbox: Path, to: str) -> str | None:
    """Return the path of the latest link that was mailed to somebody; None before it was."""
    return next(_links(sorted(outbox.glob("*.eml"), reverse=True), to), None)


def _links(files: Iterable[Path], to: str) -> Iterator[str]:
    for path in files:
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        body = mail.get_body(("plain",))
        found = LINK.search(body.get_content()) if body and mail["To"] == to else None
        if found:
            yield found.group()


def say_what_was_seen(link: str, site: str, witness: Witness) -> tuple[Answer, Answer]:
    """Return the first page of a link, and the page that thanks for what was seen."""
    visitor = Visitor(site)
    first = visitor.get(link)
    form = first.page.forms()[0]
    seen = visitor.send(form, first, [*form.entries(), ("answer", "seen")])
    form = demanded(seen, "once", "a place for what was seen")
    levels = {name: PROFICIENT for name in form.names() if name.startswith("level-")}
    more = {
        "day": date.today().isoformat(),  # noqa: DTZ011 - the day of whoever was there
        "relationship": "supervisor",
        "interest": "none",
        "name": witness.name,
        "employer": witness.employer,
        "role": "Shop foreman",
        "confirmed": "y",
    }
    return first, visitor.send(form, seen, form.entries(**levels, **more))
