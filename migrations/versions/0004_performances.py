"""Rubrics, tasks, performances, ratings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rubric",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_rubric_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_rubric_key_version")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_id", sa.String(length=26), nullable=False),
        sa.Column(
            "title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "brief", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "competency_keys",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "policy", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_task_institution_id")
        ),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubric.id"], name=op.f("fk_task_rubric_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_task_key_version")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "uq_task_current",
            ["key"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "performance",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("task_id", sa.String(length=26), nullable=False),
        sa.Column("task_key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["learner.id"], name=op.f("fk_performance_learner_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_performance_task_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_performance")),
        sa.UniqueConstraint(
            "learner_id",
            "task_key",
            "number",
            name=op.f("uq_performance_learner_id_task_key_number"),
        ),
    )
    with op.batch_alter_table("performance", schema=None) as batch_op:
        batch_op.create_index("ix_performance_id", ["id"], unique=False)
        batch_op.create_index(
            "uq_performance_open",
            ["learner_id", "task_key"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('resolved', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('resolved', 'withdrawn')"),
        )

    op.create_table(
        "artefact",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("original_name", sa.String(length=300), nullable=True),
        sa.Column(
            "anchors", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_artefact_learner_id_performance_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_artefact")),
        sa.UniqueConstraint(
            "learner_id",
            "performance_id",
            "position",
            name=op.f("uq_artefact_learner_id_performance_id_position"),
        ),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column(
            "criteria", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_assignment_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_assignment_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "person_id",
            "performance_id",
            "round",
            name=op.f("uq_assignment_person_id_performance_id_round"),
        ),
        sa.UniqueConstraint(
            "performance_id",
            "round",
            "role",
            "slot",
            name=op.f("uq_assignment_performance_id_round_role_slot"),
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_person_state", ["person_id", "state"], unique=False)
        batch_op.create_index(
            "ix_assignment_queue", ["institution_id", "state", "waiting_since"], unique=False
        )

    op.create_table(
        "rating",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "comments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_rating_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_rating_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rating_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "assignment_id", "person_id", name=op.f("uq_rating_assignment_id_person_id")
        ),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index("ix_rating_performance", ["performance_id"], unique=False)
        batch_op.create_index(
            "uq_rating_released",
            ["assignment_id"],
            unique=True,
            sqlite_where=sa.text("released_at IS NOT NULL"),
            postgresql_where=sa.text("released_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rating_released",
            sqlite_where=sa.text("released_at IS NOT NULL"),
            postgresql_where=sa.text("released_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_rating_performance")

    op.drop_table("rating")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_queue")
        batch_op.drop_index("ix_assignment_person_state")

    op.drop_table("assignment")
    op.drop_table("artefact")
    with op.batch_alter_table("performance", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_performance_open",
            sqlite_where=sa.text("state NOT IN ('resolved', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('resolved', 'withdrawn')"),
        )
        batch_op.drop_index("ix_performance_id")

    op.drop_table("performance")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_task_current",
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )

    op.drop_table("task")
    op.drop_table("rubric")
