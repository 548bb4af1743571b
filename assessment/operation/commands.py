"""Commands of whoever runs an installation."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from assessment import logs, mail, transactions
from assessment.config import read_settings
from assessment.errors import AssessmentError
from assessment.extensions import db
from assessment.jobs.worker import Worker
from assessment.operation import backup as writing
from assessment.operation import restore as restoring
from assessment.operation import schema, startup
from assessment.operation.serving import Server


class Differs(AssessmentError):
    """What was compared is not the same."""


def register(group: click.Group) -> None:
    """Add the commands to `attest`."""
    for command in (serve, worker, backup, restore, database, mailbox):
        group.add_command(command)


@click.command()
def serve() -> None:
    """Serve pages, with one worker beside; SIGTERM or Ctrl-C stops both."""
    settings = read_settings()
    startup.prepare_apart(settings)
    click.echo(f"Attest is at {settings.base_url} (listening on {settings.bind}). Ctrl-C stops it.")
    Server(settings).run()


@click.command()
@click.option("--parent", type=int, help="Stop when the parent process is no longer this one.")
@with_appcontext
def worker(parent: int | None) -> None:
    """Do the work that pages leave for later; `attest serve` starts one of its own."""
    logs.configure()
    startup.load_duties()
    Worker(current_app._get_current_object(), parent).run()  # type: ignore[attr-defined]  # Flask's proxy


@click.command("backup")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(path: Path) -> None:
    """Write database, files and keys, as they are at one moment, into FILE.

    FILE holds signing keys and personal data, and only its owner may read it. Serving goes on.
    """
    _say("Backed up", writing.write(path))


@click.command("restore")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@with_appcontext
def restore(path: Path) -> None:
    """Restore FILE into an empty installation, on SQLite or on PostgreSQL.

    All mail is held afterwards, until `attest mail release`.
    """
    _say("Restored", restoring.read(path))
    click.echo("Mail is held. `attest mail release` lets it go.")


def _say(what: str, copied: writing.Copied) -> None:
    click.echo(f"{what}: {copied.rows} rows, {copied.files} files, {copied.keys} signing keys.")
    for name in copied.missing_files:
        click.echo(f"Missing in storage, though a row names it: {name}", err=True)


@click.group("db")
def database() -> None:
    """The database's schema."""


@database.command()
@with_appcontext
def upgrade() -> None:
    """Bring the schema to this version of Attest; repeating it changes nothing."""
    schema.upgrade(db.engine)
    click.echo(f"The schema is at revision {schema.revision(db.engine)}.")


@database.command()
@with_appcontext
def check() -> None:
    """Compare the schema with this version of Attest; exit code 1 where they differ."""
    if not schema.is_at_head(db.engine):
        raise Differs("The database has another schema. Run `attest db upgrade`.")
    found = schema.differences(db.engine)
    if found:
        raise Differs("The schema was changed by hand: " + "; ".join(map(str, found)))
    click.echo(f"The schema is at revision {schema.revision(db.engine)}, as this version wants it.")


@click.group("mail")
def mailbox() -> None:
    """Holding mail back, and letting it go."""


@mailbox.command()
@with_appcontext
def hold() -> None:
    """Hold every mail until it is released."""
    with transactions.writing():
        mail.hold()
    click.echo("Mail is held. `attest mail release` lets it go.")


@mailbox.command()
@with_appcontext
def release() -> None:
    """Let held mail go."""
    with transactions.writing():
        waiting = mail.release()
    click.echo(f"Mail is sent again; {waiting} waiting.")
