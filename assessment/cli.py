"""The console script `attest`: a command does its work in one application context."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from assessment.config import SettingError
from assessment.errors import AssessmentError

COMMANDS = (
    "assessment.operation.commands",
    "assessment.items.commands",
    "assessment.catalogue.commands",
    "assessment.audit.commands",
    "assessment.demo.commands",
)


@click.group()
@click.version_option(package_name="attest")
def attest() -> None:
    """Credit for what people can do, on the day they can show it."""


def main() -> None:
    """Run the command line; a foreseen refusal is one sentence and exit code 1."""
    for name in COMMANDS:
        import_module(name).register(attest)
    try:
        attest()
    except (AssessmentError, SettingError, FileNotFoundError) as refusal:
        click.echo(f"attest: {refusal}", err=True)
        sys.exit(1)
