"""Employers' projects."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of projects."""
    op.create_table(
        "project",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("task_key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("employer", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column(
            "languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.String(length=120), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_project_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_project_token_hash")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(
            "ix_project_institution", ["institution_id", "invited_at"], unique=False
        )
        batch_op.create_index("ix_project_mailbox", ["mailbox"], unique=False)
        batch_op.create_index("ix_project_open", ["state", "due_at"], unique=False)

    op.create_table(
        "participation",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("project_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("team", sa.String(length=26), nullable=True),
        sa.Column("own_share", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "pieces", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "employer_said", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.Column("employer_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_own_device", sa.Boolean(), nullable=False),
        sa.Column("learner_said", sa.Text(), nullable=False),
        sa.Column("learner_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("observation_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_participation_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_participation_project_id")
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_participation_performance", ["learner_id", "performance_id"], unique=False
        )
        batch_op.create_index("ix_participation_team", ["project_id", "team"], unique=False)
        batch_op.create_index(
            "uq_participation_learner",
            ["project_id", "learner_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.create_index(
            "uq_participation_seat",
            ["project_id", "seat"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "team_invitation",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("participation_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id", "participation_id"],
            ["participation.learner_id", "participation.id"],
            name=op.f("fk_team_invitation_learner_id_participation_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_team_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_invitation_token_hash")),
    )
    with op.batch_alter_table("team_invitation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_team_invitation_open",
            ["participation_id", "mailbox"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND used_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND used_at IS NULL"),
        )

    op.create_table(
        "delivery_file",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("participation_id", sa.String(length=26), nullable=False),
        sa.Column("artefact_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "artefact_id"],
            ["artefact.learner_id", "artefact.id"],
            name=op.f("fk_delivery_file_learner_id_artefact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "participation_id"],
            ["participation.learner_id", "participation.id"],
            name=op.f("fk_delivery_file_learner_id_participation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "participation_id", "artefact_id", name=op.f("pk_delivery_file")
        ),
    )
    with op.batch_alter_table("delivery_file", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_file_artefact", ["learner_id", "artefact_id"], unique=False
        )


def downgrade() -> None:
    """Take the tables of projects away."""
    with op.batch_alter_table("delivery_file", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_file_artefact")

    op.drop_table("delivery_file")
    with op.batch_alter_table("team_invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_team_invitation_open",
            sqlite_where=sa.text("ended_at IS NULL AND used_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND used_at IS NULL"),
        )

    op.drop_table("team_invitation")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_participation_seat",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_participation_learner",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index("ix_participation_team")
        batch_op.drop_index("ix_participation_performance")

    op.drop_table("participation")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index("ix_project_open")
        batch_op.drop_index("ix_project_institution")

    op.drop_table("project")
