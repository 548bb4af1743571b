"""Commands of the demo: load it, and be shown round."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assessment import transactions
from assessment.config import Settings
from assessment.demo.loading import Loaded, NotEmpty, load
from assessment.errors import AssessmentError
from assessment.extensions import db
from assessment.languages import wording
from assessment.operation import schema
from assessment.people.demonstration import demo_people

PAGES = (
    ("/", "what can be shown here"),
    ("/sign-in", "be one of these people with one click"),
    ("/achievements/hv-safety-theory", "what a course asks, before anyone starts"),
    ("/registrar", "the registrar's desk"),
    ("/verify", "check a credential"),
)


class NoSchema(AssessmentError):
    """The database is not at this version's schema."""


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(demo)


@click.command()
@click.option("--if-empty", is_flag=True, help="Leave an installation with its own data alone.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Load the demonstration, and say where to look; repeating it changes nothing."""
    settings: Settings = current_app.extensions["attest_settings"]
    console = Console(soft_wrap=True)
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
        f"{loaded.people} people, {loaded.awards} awards."
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
