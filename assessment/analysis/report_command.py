"""The command that reports on a bank: items, tests, marks, areas and fairness."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Shown
from sqlalchemy import select

from assessment import transactions
from assessment.access import system
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items.commands import require_tables
from assessment.items.models import Bank
from assessment.locale import gettext as _

if TYPE_CHECKING:
    from assessment.analysis.areas import TestAreas
    from assessment.analysis.bank_report.sections import BankReport, Section

ACTOR = system("attest bank report")
MOST_ROWS = 60
"""Rows of one table that the terminal shows; the files have all of them."""
MODELS = ("rasch", "1pl", "2pl", "3pl", "4pl")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("report")
@click.argument("key")
@click.option("--model", type=click.Choice(MODELS), default="2pl", show_default=True)
@click.option(
    "--groups",
    "groups_path",
    type=FILE,
    help="A CSV file: learner, and a column for each grouping.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the files; ./report-KEY where not told.",
)
@click.option("--language", type=click.Choice(("en", "fr")), default="en", show_default=True)
@with_appcontext
def report(key: str, model: str, groups_path: Path | None, out: Path | None, language: str) -> None:
    """Report on a bank's recorded responses: print it, and write it with plots and tables.

    Result pages show the areas of its tests by what was found, from then on.
    """
    from assessment.analysis import areas  # noqa: PLC0415 - numbers are slow to load
    from assessment.analysis.bank_report.writing import write  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True)
    require_tables()
    with force_locale(language):
        made, found = _made(key, model, groups_path, language)
        for section in made.sections:
            _show(console, section)
        paths = write(made, out or Path(f"report-{key}"), language)
        transactions.rollback()
        with transactions.writing():
            areas.keep_areas(found, ACTOR)
        folder = str(paths[0].parent)
        said = _("Written to %(folder)s: %(n)s files.", folder=folder, n=len(paths))
        console.print(escape(said), highlight=False)


def _made(
    key: str, model: str, groups_path: Path | None, language: str
) -> tuple[BankReport, list[TestAreas]]:
    """Return the report, and what it found of areas; computed outside of any transaction."""
    from assessment.analysis import areas  # noqa: PLC0415 - numbers are slow to load
    from assessment.analysis.bank_report.groups import groups_from_csv  # noqa: PLC0415 - as above
    from assessment.analysis.bank_report.making import Wanted, report_on  # noqa: PLC0415 - as above
    from assessment.analysis.responses import recorded_scores  # noqa: PLC0415 - as above
    from itembank.parameters import Model  # noqa: PLC0415 - as above

    groups = {} if groups_path is None else groups_from_csv(groups_path.read_bytes())
    bank_id = _bank_id(key)
    recorded = recorded_scores(bank_id)
    found = areas.test_areas(bank_id, recorded)
    transactions.rollback()
    wanted = Wanted(language=language, model=Model(model), groups=groups)
    return report_on(db.session.get_one(Bank, bank_id), recorded, found, wanted), found


def _bank_id(key: str) -> str:
    found = db.session.scalar(select(Bank.id).where(Bank.key == key))
    if found is None:
        raise Invalid(_("There is no bank with the key %(key)s.", key=key))
    return found


def _show(console: Console, section: Section) -> None:
    console.print(f"\n[bold]{escape(section.title)}[/bold]", highlight=False)
    for sentence in section.sentences:
        console.print(escape(sentence), highlight=False)
    if section.table is None:
        return
    shown = Shown()
    for title in section.table.titles:
        shown.add_column(escape(title))
    for row in section.table.texts[:MOST_ROWS]:
        shown.add_row(*map(escape, row))
    console.print(shown)
    left = len(section.table.rows) - MOST_ROWS
    if left > 0:
        said = _("… and %(n)s more rows in %(file)s.", n=left, file=f"{section.key}.csv")
        console.print(escape(said), highlight=False)
