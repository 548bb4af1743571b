"""The command that calibrates a bank from its recorded responses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import select

from assessment import transactions
from assessment.access import system
from assessment.analysis.report_command import report
from assessment.analysis.standard_command import standard
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.items.commands import bank, require_tables
from assessment.items.models import Bank, ParameterSource
from assessment.locale import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from assessment.analysis.service import Calibrated
    from itembank.calibration import Progress as Step

ACTOR = system("attest bank calibrate")
MODELS = ("rasch", "1pl", "2pl", "3pl", "4pl")
"""Those of `supporting`, which loads numbers."""


def register(_group: click.Group) -> None:
    """Add the commands to `attest bank`."""
    bank.add_command(calibrate)
    bank.add_command(report)
    bank.add_command(standard)


@click.command()
@click.argument("key")
@click.option("--model", type=click.Choice(MODELS), default="2pl", show_default=True)
@click.option("--publish", is_flag=True, help="Score sittings that begin from now on with it.")
@with_appcontext
def calibrate(key: str, model: str, publish: bool) -> None:
    """Calibrate a bank from its recorded responses, and report; publish nothing unless told."""
    from assessment.analysis.words import report_lines  # noqa: PLC0415 - numbers are slow to load

    console = Console(soft_wrap=True)
    require_tables()
    bank_id = _bank_id(key)
    calibrated = _calibrated(bank_id, model, console)
    for line in report_lines(calibrated.report):
        console.print(escape(line), highlight=False)
    for line in _published(bank_id, calibrated) if publish else [_nothing_published()]:
        console.print(escape(line), highlight=False)


def _bank_id(key: str) -> str:
    found = db.session.scalar(select(Bank.id).where(Bank.key == key))
    if found is None:
        raise Invalid(_("There is no bank with the key %(key)s.", key=key))
    return found


def _calibrated(bank_id: str, model: str, console: Console) -> Calibrated:
    """Read, then compute outside of any transaction: others write meanwhile."""
    from assessment.analysis import service  # noqa: PLC0415 - numbers are slow to load
    from itembank.parameters import Model  # noqa: PLC0415 - as above

    with _steps(console) as said:
        said(_("Reading responses"))
        recorded = service.recorded_scores(bank_id)
        transactions.rollback()
        said(_("Calibrating"))
        return service.calibrate_scores(recorded, Model(model), lambda step: said(_step(step)))


def _step(step: Step) -> str:
    return _(
        "Calibrating: step %(n)s, log-likelihood %(value)s",
        n=step.n_iter,
        value=f"{step.log_likelihood:.2f}",
    )


@contextmanager
def _steps(console: Console) -> Iterator[Callable[[str], None]]:
    """Show what is being done; yield the function that says it."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None)
        yield lambda text: progress.update(task, description=escape(text))


def _published(bank_id: str, calibrated: Calibrated) -> list[str]:
    from assessment.analysis import panel_words, service  # noqa: PLC0415 - as above

    with transactions.writing():
        made = service.publish(bank_id, calibrated, ParameterSource.RESPONSES, ACTOR)
        said = _(
            "Published as set %(number)s: sittings that begin now are scored with it.",
            number=made.number,
        )
        return [*panel_words.mark_lines(made), said]


def _nothing_published() -> str:
    return _("Nothing was published; --publish does that.")
