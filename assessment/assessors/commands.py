"""Commands of those who look after assessors."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from assessment import transactions
from assessment.access import system
from assessment.assessors import exemplars
from assessment.assessors.exemplar_files import exemplars_from_json
from assessment.fields import load_json
from assessment.locale import gettext as _


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(exemplars_)


@click.group("exemplars")
def exemplars_() -> None:
    """Exemplars, on which assessors are trained, tried and watched."""


@exemplars_.command("publish")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def publish(path: Path) -> None:
    """Publish the exemplars and the gate that a JSON file describes; docs/trust.md says how."""
    spec = exemplars_from_json(load_json(path.read_bytes()), path.parent)
    with transactions.writing():
        made = exemplars.publish(spec, system("attest exemplars publish"))
        line = _(
            "%(key)s, version %(version)s: %(added)s exemplars added, %(unchanged)s unchanged.",
            key=made.rubric.key,
            version=made.rubric.version,
            added=made.added,
            unchanged=made.unchanged,
        )
    click.echo(line)
