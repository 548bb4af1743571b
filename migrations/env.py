"""Runs the migrations on the connection or the address that the caller gives."""

from alembic import context
from sqlalchemy import JSON, Connection, create_engine

import assessment.items.refusals
import assessment.observations.refusals
import assessment.performances.appeal_refusals
import assessment.performances.refusals  # noqa: F401 - imported for what they declare
from assessment import triggers
from assessment.audit import triggers as audit_triggers
from assessment.columns import UtcDateTime
from assessment.tables import metadata
from assessment.transactions import prepare_engine


def render_item(kind, item, context_of_render):  # type: ignore[no-untyped-def]  # Alembic's callback
    """Return how a migration writes our own column types."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context_of_render.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def compare_type(_context, _inspected, _model, inspected_type, model_type):  # type: ignore[no-untyped-def]  # Alembic's callback
    """Return False where our own type is stored as what was found; None lets Alembic compare."""
    return False if isinstance(model_type, UtcDateTime) else None


def run(connection: Connection) -> None:
    """Run the migrations on `connection`."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=compare_type,
    )
    with context.begin_transaction():
        rebuilds = connection.dialect.name == "sqlite"  # a table, and drops what hangs on it
        if rebuilds:  # a trigger that names a table keeps SQLite from rebuilding it
            triggers.remove(connection, triggers.REFUSALS)
        context.run_migrations()
        if rebuilds:
            audit_triggers.install(connection)
            triggers.install(connection, triggers.REFUSALS)


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    prepare_engine(engine)
    with engine.connect() as connection:
        run(connection)
        connection.commit()
