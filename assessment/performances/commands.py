"""Commands of those who publish rubrics and tasks."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

import rubrics
from assessment import transactions
from assessment.access import system
from assessment.errors import Invalid
from assessment.fields import load_json
from assessment.locale import gettext as _
from assessment.performances.service import publish_rubric, publish_task, rubric_of, task_from_json

FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(rubric)
    group.add_command(task)


@click.group()
def rubric() -> None:
    """Rubrics."""


@rubric.command("publish")
@FILE
@click.option("--institution", required=True, help="The key of the institution that keeps it.")
@with_appcontext
def publish_rubric_(path: Path, institution: str) -> None:
    """Publish the rubric that a JSON file describes; docs/performances.md says how."""
    read = _rubric(path)
    with transactions.writing():
        row = publish_rubric(read, institution, system("attest rubric publish"))
        line = _(
            "%(key)s, version %(version)s, is published: %(count)s criteria.",
            key=row.key,
            version=row.version,
            count=len(rubric_of(row).criteria),
        )
    click.echo(line)


def _rubric(path: Path) -> rubrics.Rubric:
    try:
        return rubrics.rubric_from_json(load_json(path.read_bytes()))
    except ValueError as fault:
        raise Invalid(f"{path}: {fault}") from None


@click.group()
def task() -> None:
    """Tasks."""


@task.command("publish")
@FILE
@with_appcontext
def publish_task_(path: Path) -> None:
    """Publish the task that a JSON file describes; docs/performances.md says how."""
    spec = task_from_json(load_json(path.read_bytes()))
    with transactions.writing():
        row = publish_task(spec, system("attest task publish"))
        line = _(
            "%(key)s, version %(version)s, is published: rated on %(rubric)s, version %(number)s.",
            key=row.key,
            version=row.version,
            rubric=row.rubric.key,
            number=row.rubric.version,
        )
    click.echo(line)
