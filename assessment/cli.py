"""The console script `attest`: every slice with a module `commands` adds its own.

`<slice>/commands.py` has `register(group)`; a command that needs the app is decorated with
`flask.cli.with_appcontext`, and commits once through `assessment.transactions`.
"""

from __future__ import annotations

import sys

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError, ProgrammingError

from assessment import slices
from assessment.app import create_app
from assessment.config import SettingError
from assessment.errors import AssessmentError


@click.group()
@click.version_option(package_name="attest")
@click.pass_context
def attest(context: click.Context) -> None:
    """Credit for what people can do, on the day they can show it."""
    context.obj = ScriptInfo(create_app=create_app, set_debug_flag=False)


def commands() -> click.Group:
    """Return the command line with the commands of every slice."""
    for module in slices.modules("commands"):
        module.register(attest)
    return attest


def main() -> None:
    """Run the command line; a foreseen refusal is one sentence and exit code 1."""
    try:
        commands()()
    except (AssessmentError, SettingError, FileNotFoundError) as refusal:
        _refuse(str(refusal))
    except (OperationalError, ProgrammingError) as trouble:
        reason = str(trouble.orig).splitlines()[0]
        _refuse(f"the database cannot be used: {reason}. Run `attest db upgrade` if it is new.")


def _refuse(sentence: str) -> None:
    click.echo(f"attest: {sentence}", err=True)
    sys.exit(1)
