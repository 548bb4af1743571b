"""The command that takes a panel's file: a raw cut for ever, and where it lies on the scale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from sqlalchemy import select

from assessment import transactions
from assessment.access import system
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items import service as items
from assessment.items.commands import require_tables
from assessment.items.models import Bank
from assessment.locale import gettext as _

ACTOR = system("attest bank standard")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("standard")
@click.argument("key")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--test", "test_key", help="The test whose mark the panel sets; else all of them.")
@click.option("--cut", "cut_key", help="The key of the mark; else the passing mark.")
@click.option(
    "--earlier",
    multiple=True,
    type=FILE,
    help="The file of a round before, the first one first; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be; write nothing.")
@with_appcontext
def standard(  # noqa: PLR0917 - click passes each option by name
    key: str,
    path: Path,
    test_key: str | None,
    cut_key: str | None,
    earlier: tuple[Path, ...],
    dry_run: bool,
) -> None:
    """Set a mark by a panel's Angoff ratings, and report; sittings that begin are judged by it."""
    console = Console(soft_wrap=True)
    require_tables()
    with transactions.writing():
        bank_id, known = _known_items(key)
        lines = _lines(
            bank_id, _read(path, earlier, known, test_key=test_key, cut_key=cut_key), not dry_run
        )
        if dry_run:
            transactions.rollback()
    for line in lines:
        console.print(escape(line), highlight=False)


def _known_items(key: str) -> tuple[str, frozenset[str]]:
    found = db.session.scalar(select(Bank.id).where(Bank.key == key))
    if found is None:
        raise Invalid(_("There is no bank with the key %(key)s.", key=key))
    return found, frozenset(items.bank_pool(found).version_ids)


def _read(
    path: Path,
    earlier: tuple[Path, ...],
    known: frozenset[str],
    *,
    test_key: str | None,
    cut_key: str | None,
) -> items.NewStandard:
    from assessment.analysis.panel_files import standard_from_files  # noqa: PLC0415 - as below

    rounds = [each.read_bytes() for each in earlier]
    return standard_from_files(path.read_bytes(), rounds, known, test_key=test_key, cut_key=cut_key)


def _lines(bank_id: str, new: items.NewStandard, publish: bool) -> list[str]:
    """Return what there is to say; written by then, and taken back where it is not published."""
    from assessment.analysis import panel_words  # noqa: PLC0415 - numbers are slow to load

    row, made = items.publish_standard(bank_id, new, ACTOR)
    return [
        *panel_words.ratings_lines(items.panel_of(new)),
        *panel_words.placing_lines(row, made),
        *panel_words.mark_lines(made),
        *_end(made.number, publish),
    ]


def _end(number: int, publish: bool) -> Iterator[str]:
    if publish:
        yield _(
            "Published as set %(number)s: sittings that begin now are scored with it.",
            number=number,
        )
    else:
        yield _("Nothing was published: this was a dry run.")
