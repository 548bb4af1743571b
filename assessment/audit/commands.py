"""Commands about the audit log."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from assessment.audit import anchors, verification

MOST_FAULTS_SHOWN = 50


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    group.add_command(audit)


@click.group()
def audit() -> None:
    """The log of every change of state."""


@audit.command()
@click.option("--no-anchor", is_flag=True, help="Write nothing, also where all is well.")
@with_appcontext
def verify(no_anchor: bool) -> None:
    """Check every chain against its hashes and anchors; exit code 1 if something is wrong.

    What was found whole is anchored, so that it cannot be cut afterwards.
    """
    report = verification.verify()
    click.echo(
        f"Links: {report.links}, in chains: {report.chains}; erased: {report.erased}; "
        f"anchors: {report.anchors}."
    )
    for fault in report.faults[:MOST_FAULTS_SHOWN]:
        click.echo(fault, err=True)
    if not report.whole:
        click.echo(f"The audit log is not whole. Faults found: {len(report.faults)}.", err=True)
        raise SystemExit(1)
    if not no_anchor:
        anchors.anchor()
    click.echo("The audit log is whole.")


@audit.command()
@with_appcontext
def anchor() -> None:
    """Write an anchor now, and show the public key that anchors are signed with."""
    written = anchors.anchor()
    if written is None:
        click.echo("Nothing was added since the last anchor.")
    else:
        click.echo(f"Anchor {written.number} vouches for {len(written.marks)} chains.")
    click.echo(f"Public key: {', '.join(sorted(anchors.trusted_keys()))}")
