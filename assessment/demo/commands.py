"""Commands of the demo: load it, and be shown round."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assessment import transactions
from assessment.config import Settings
from assessment.demo.loading import Loaded, NotEmpty, load
from assessment.demo.tour import papers
from assessment.demo.tour.journey import Tour
from assessment.demo.tour.narration import Narrator
from assessment.errors import AssessmentError
from assessment.extensions import db
from assessment.languages import wording
from assessment.operation import schema
from assessment.people.demonstration import demo_people

PAGES = (
    ("/", "what can be shown here"),
    ("/sign-in", "be one of these people with one click"),
    ("/achievements/hv-safety-theory", "what a course asks, before anyone starts"),
    ("/achievements/bev-safety", "what a micro-credential asks to be shown at work"),
    ("/assessor", "the assessors' desk, where work waits"),
    ("/registrar", "the registrar's desk"),
    ("/verify", "check a credential"),
)

DEFAULT_URL = "http://127.0.0.1:8000"
READING_SECONDS = 3
FOLDER = click.Path(file_okay=False, path_type=Path)


class NoSchema(AssessmentError):
    """The database is not at this version's schema."""


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(demo)
    group.add_command(tour)


@click.command()
@click.option("--if-empty", is_flag=True, help="Leave an installation with its own data alone.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Load the demonstration, and say where to look; repeating it changes nothing."""
    settings: Settings = current_app.extensions["attest_settings"]
    console = Console()
    _bring_schema_to_head(settings)
    try:
        with transactions.writing():
            loaded = load()
    except NotEmpty as refusal:
        if not if_empty:
            raise
        console.print(escape(refusal.sentence), highlight=False)
        return
    console.print(_summary(loaded), highlight=False)
    _show_round(settings, console)


def _bring_schema_to_head(settings: Settings) -> None:
    if settings.embedded:
        schema.upgrade(db.engine)
    elif not schema.is_at_head(db.engine):
        raise NoSchema("The database has no tables of this version. Run `attest db upgrade` first.")


def _summary(loaded: Loaded) -> str:
    if loaded.already:
        return "The demonstration is loaded already; nothing was changed."
    return (
        f"Loaded the demonstration: {loaded.items} questions, {loaded.tests} tests, "
        f"{loaded.achievements} achievements, {loaded.opportunities} ways to learn, "
        f"{loaded.exemplars} exemplars, {loaded.people} people, {loaded.works} works handed in, "
        f"{loaded.awards} awards from tests."
    )


def _show_round(settings: Settings, console: Console) -> None:
    pages, people = _columns(), _columns()
    for path, what in PAGES:
        pages.add_row(f"{settings.base_url}{path}", what)
    for person in demo_people():
        role = next((str(grant.role) for grant in person.grants), "learner")
        people.add_row(escape(person.display_name), role, wording(person.demo_story, "en"))
    console.print(pages, "", people, "", sep="\n")
    console.print("`attest serve` serves it; `attest tour` then plays a learner's whole way.")


def _columns() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    return table


@click.command()
@click.option("--url", help=f"Where the server is; {DEFAULT_URL}.")
@click.option("--folder", type=FOLDER, default="tour", show_default=True, help="For the papers.")
@click.option("--outbox", type=FOLDER, help="Where the server leaves its mails.")
@click.option("--refresh", type=FOLDER, help="Fetch the issuer's documents in a folder anew.")
@click.option(
    "--pace",
    type=click.FloatRange(0, 60),
    default=0,
    is_flag=False,
    flag_value=READING_SECONDS,
    help="Seconds to leave for reading each step; without a figure, a few.",
)
def tour(
    url: str | None, folder: Path, outbox: Path | None, refresh: Path | None, pace: float
) -> None:
    """Play a new learner's whole way against a running server, and leave the credential's papers.

    Exit code 1, with a sentence, at the first step that does not hold.
    """
    console = Console()
    if refresh is None:
        Tour(url or DEFAULT_URL, folder, outbox or _outbox(), Narrator(console, pace)).play()
        return
    claims = papers.refresh(refresh, url)
    console.print(f"The documents of {escape(claims.issuer)} are fetched anew.", highlight=False)
    for command in papers.commands(refresh):
        console.print(escape(command), highlight=False, soft_wrap=True)


def _outbox() -> Path:
    """Return the folder in which a server with the settings of this shell leaves its mails."""
    return Path(os.environ.get("ATTEST_DATA") or "var") / "outbox"
