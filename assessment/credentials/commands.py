"""`attest keys`: the keys that institutions sign with."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from assessment import transactions
from assessment.access import system
from assessment.credentials import service
from assessment.people import service as people


@click.group()
def keys() -> None:
    """The keys that institutions sign with."""


@keys.command()
@click.argument("institution")
@with_appcontext
def rotate(institution: str) -> None:
    """Make the next signing key of INSTITUTION (its key, as in its address).

    It signs from now on. The former keys stay published, so that what they signed still verifies.
    """
    with transactions.writing():
        found = people.institution_by_key(institution)
        key = service.rotate_key(found, system("keys rotate"))
    click.echo(f"{institution} signs with key {key.number} from now on.")


def register(group: click.Group) -> None:
    """Add `keys` to the command line."""
    group.add_command(keys)
