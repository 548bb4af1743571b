"""Commands of those who keep banks and publish tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import inspect, select

from assessment import transactions
from assessment.access import system
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.fields import load_json
from assessment.items.models import Bank, Test, TestMode
from assessment.items.service import (
    BankSpec,
    ImportReport,
    Unfillable,
    current_set,
    forms_to_assemble,
    import_bank,
    publish_test,
    put_together,
    test_from_json,
    unplaced_marks,
)
from assessment.items.sources import BankSource, open_source
from assessment.locale import gettext as _
from assessment.locale import ngettext
from assessment.people.models import Institution
from assessment.people.service import InstitutionSpec, found_institution, institution_by_key
from itembank import BankFormat, ParsedBank, read_bank

ACTOR = system("attest bank import")


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(bank)
    group.add_command(test)


@click.group()
def bank() -> None:
    """Item banks."""


@bank.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice([each.value for each in BankFormat]), required=True
)
@click.option("--bank", "key", required=True, help="The bank's key; it is made if there is none.")
@click.option("--title", default="", help="What a new bank is called in English.")
@click.option("--title-fr", default="", help="What a new bank is called in French.")
@click.option("--institution", default="", help="The key of the institution that keeps the bank.")
@click.option("--dry-run", is_flag=True, help="Report what would be done, and write nothing.")
@click.option("--retire", is_flag=True, help="Retire the items that the file no longer holds.")
@with_appcontext
def import_(  # noqa: PLR0917 - click passes each option by name
    path: Path,
    format_: str,
    key: str,
    title: str,
    title_fr: str,
    institution: str,
    dry_run: bool,
    retire: bool,
) -> None:
    """Import a bank from a file, or from the folder that holds it and its figures."""
    console = Console(soft_wrap=True)
    require_tables()
    source = open_source(path, BankFormat(format_))
    parsed = _parsed(source, BankFormat(format_))
    words = {code: text for code, text in (("en", title), ("fr", title_fr)) if text}
    with transactions.writing(), _progress(console) as progress:
        keeper = _keeper(institution, key, console)
        task = progress.add_task(_("Comparing"), total=len(parsed.items))
        report = import_bank(
            parsed,
            BankSpec(key=key, institution_id=keeper.id, title=words),
            ACTOR,
            figures=source.figures,
            dry_run=dry_run,
            retire=retire,
            on_progress=lambda done: progress.update(task, completed=done),
        )
        if dry_run:
            transactions.rollback()
    for line in (*_about(source), *report_lines(report)):
        console.print(escape(line), highlight=False)


def require_tables() -> None:
    """Refuse to go on where the database has no tables, saying what makes them."""
    if not inspect(db.engine).has_table("bank"):
        raise Invalid(_("The database has no tables yet. Run `attest db upgrade` first."))


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    )


def _parsed(source: BankSource, format: BankFormat) -> ParsedBank:
    try:
        return read_bank(source.data, format, files=source.figures)
    except ValueError as fault:
        raise Invalid(f"{source.path}: {fault}") from None


def _keeper(key: str, bank_key: str, console: Console) -> Institution:
    """Return the institution that keeps the bank: named, its own, or the first; founded if none."""
    if key:
        return institution_by_key(key)
    own = select(Institution).join(Bank, Bank.institution_id == Institution.id)
    found = db.session.scalar(own.where(Bank.key == bank_key))
    if found is not None:
        return found
    first = db.session.scalars(select(Institution).order_by(Institution.created_at)).first()
    if first is None:
        name = {"en": "This installation", "fr": "Cette installation"}
        first = found_institution(InstitutionSpec(key="local", name=name), ACTOR)
    console.print(
        escape(_("The bank is kept by %(key)s; --institution names another.", key=first.key))
    )
    return first


def _about(source: BankSource) -> Iterator[str]:
    for name in source.not_pictures:
        yield _("%(name)s is no picture that we show, and was left out.", name=name)


def report_lines(report: ImportReport) -> Iterator[str]:
    """Yield what an import did, a line each: refused lines first, the sum last."""
    for refusal in report.refused:
        yield _(
            "Refused: line %(line)s, %(item)s: %(reason)s",
            line=refusal.line,
            item=refusal.item_id or _("no id"),
            reason=refusal.reason,
        )
    for warning in report.warnings:
        yield _("Note: %(warning)s", warning=warning)
    yield from _keys(_("Needs sight (its figure has no description)"), report.needs_sight)
    yield from _keys(_("Changed"), report.changed)
    yield from _keys(_("Retired before and here again"), report.returned)
    if not report.retired:
        yield from _keys(_("No longer in the file (--retire retires them)"), report.missing)
    yield from _keys(_("Retired"), report.retired)
    yield from map(_lack, report.unfillable)
    yield _sum(report)


def _lack(each: Unfillable) -> str:
    if not each.shortfalls:
        return _(
            "Each form of the test %(test)s has lost a question: publish the test again.",
            test=each.test_key,
        )
    areas = ", ".join(gap.area for gap in each.shortfalls)
    return _(
        "The test %(test)s can no longer be filled in: %(areas)s",
        test=each.test_key,
        areas=areas,
    )


def _keys(title: str, keys: tuple[str, ...]) -> Iterator[str]:
    if keys:
        shown = ", ".join(keys[:20]) + (" …" if len(keys) > 20 else "")
        yield f"{title}: {len(keys)} ({shown})"


def _sum(report: ImportReport) -> str:
    languages = ", ".join(f"{code} {number}" for code, number in report.languages.items())
    counts = _(
        "%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused, "
        "%(sight)s need sight",
        new=len(report.new),
        changed=len(report.changed),
        unchanged=report.unchanged,
        refused=len(report.refused),
        sight=len(report.needs_sight),
    )
    items = ngettext("%(num)s item", "%(num)s items", report.total)
    done = _("Nothing was written: this was a dry run.") if report.dry_run else ""
    return f"{report.bank_key}: {items} ({languages}): {counts}. {done}".rstrip()


@click.group()
def test() -> None:
    """Tests."""


@test.command("publish")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def publish(path: Path) -> None:
    """Publish the test that a JSON file describes; docs/tests.md says how."""
    require_tables()
    spec = test_from_json(load_json(path.read_bytes()))
    actor = system("attest test publish")
    with transactions.writing():
        source = forms_to_assemble(spec, actor)
    forms = None if source is None else put_together(source)  # long: others write meanwhile
    with transactions.writing():
        published = publish_test(spec, actor, forms)
        lines = [*_left(published), _published(published)]
    for line in lines:
        click.echo(line)


def _left(test: Test) -> Iterator[str]:
    """Yield the marks that a panel was to set and does not."""
    found = current_set(test.bank_id)
    if found is not None:
        yield from unplaced_marks(test, found)


def _published(test: Test) -> str:
    given = {"key": test.key, "version": test.version, "count": sum(test.blueprint.values())}
    if test.mode == TestMode.ADAPTIVE:
        return _(
            "%(key)s, version %(version)s, is published: at most %(count)s questions.", **given
        )
    return _("%(key)s, version %(version)s, is published: %(count)s questions a sitting.", **given)
