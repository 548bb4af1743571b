"""Commands of those who keep the catalogue."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import inspect

from assessment import transactions
from assessment.access import system
from assessment.catalogue.service import FrameworkFormat, import_framework, read_framework
from assessment.errors import Invalid
from assessment.extensions import db
from assessment.locale import gettext as _
from assessment.locale import ngettext


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(framework)


@click.group()
def framework() -> None:
    """Frameworks of competencies."""


@framework.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice([each.value for each in FrameworkFormat]),
    required=True,
)
@with_appcontext
def import_(path: Path, format_: str) -> None:
    """Import one version of a framework; docs/frameworks.md says how the file looks."""
    if not inspect(db.engine).has_table("framework"):
        raise Invalid(_("The database has no tables yet. Run `attest db upgrade` first."))
    data = read_framework(path.read_bytes(), FrameworkFormat(format_))
    with transactions.writing():
        imported = import_framework(data, system("attest framework import"))
    number = len(data.competencies)
    counted = ngettext("%(num)s competency", "%(num)s competencies", number)
    done = _("imported") if imported.is_new else _("here already, unchanged")
    click.echo(f"{data.key} {data.version}: {counted}, {done}.")
