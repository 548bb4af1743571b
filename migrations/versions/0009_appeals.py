"""Appeals, complaints and threads."""

import sqlalchemy as sa
from alembic import op

from assessment import triggers
from assessment.performances.appeal_refusals import REFUSALS

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of what is said about a result, and of awards in doubt."""
    with op.batch_alter_table("achievement_version") as table:
        table.add_column(sa.Column("appeal_days", sa.Integer(), nullable=True))
    op.create_table(
        "award_doubt",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("award_id", sa.String(length=26), nullable=False),
        sa.Column("evidence_id", sa.String(length=26), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_because", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.String(length=120), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id", "award_id"],
            ["award.learner_id", "award.id"],
            name=op.f("fk_award_doubt_learner_id_award_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "evidence_id"],
            ["evidence.learner_id", "evidence.id"],
            name=op.f("fk_award_doubt_learner_id_evidence_id"),
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "award_id", "evidence_id", name=op.f("pk_award_doubt")
        ),
    )
    op.create_index("ix_award_doubt_award", "award_doubt", ["award_id"], unique=False)
    op.create_index(
        "ix_award_doubt_open",
        "award_doubt",
        ["raised_at"],
        unique=False,
        sqlite_where=sa.text("kept_at IS NULL"),
        postgresql_where=sa.text("kept_at IS NULL"),
    )

    op.create_table(
        "complaint",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=26), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_complaint_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_complaint_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_complaint_learner_id_performance_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_id", "complaint", ["id"], unique=False)
    op.create_index(
        "ix_complaint_institution", "complaint", ["institution_id", "answered_at"], unique=False
    )
    op.create_index(
        "ix_complaint_performance", "complaint", ["learner_id", "performance_id"], unique=False
    )

    op.create_table(
        "appeal",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("resolution_id", sa.String(length=26), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_appeal_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_appeal_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "resolution_id"],
            ["resolution.learner_id", "resolution.id"],
            name=op.f("fk_appeal_learner_id_resolution_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_appeal")),
    )
    op.create_index("ix_appeal_assignment", "appeal", ["assignment_id"], unique=False)
    op.create_index(
        "ix_appeal_performance", "appeal", ["learner_id", "performance_id"], unique=False
    )

    op.create_table(
        "message",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=True),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_message_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_message_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.PrimaryKeyConstraint("learner_id", "performance_id", "number", name=op.f("pk_message")),
    )
    op.create_table(
        "appealed_criterion",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("appeal_id", sa.String(length=26), nullable=False),
        sa.Column("criterion", sa.String(length=120), nullable=False),
        sa.Column("resolution_id", sa.String(length=26), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "appeal_id"],
            ["appeal.learner_id", "appeal.id"],
            name=op.f("fk_appealed_criterion_learner_id_appeal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "resolution_id"],
            ["resolution.learner_id", "resolution.id"],
            name=op.f("fk_appealed_criterion_learner_id_resolution_id"),
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "appeal_id", "criterion", name=op.f("pk_appealed_criterion")
        ),
        sa.UniqueConstraint(
            "learner_id",
            "appeal_id",
            "position",
            name=op.f("uq_appealed_criterion_learner_id_appeal_id_position"),
        ),
    )
    op.create_index(
        "uq_appealed_criterion_standing",
        "appealed_criterion",
        ["learner_id", "resolution_id", "criterion"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    triggers.install(op.get_bind(), REFUSALS)


def downgrade() -> None:
    """Take them away."""
    triggers.remove(op.get_bind(), REFUSALS)
    op.drop_table("appealed_criterion")
    op.drop_table("message")
    op.drop_table("appeal")
    op.drop_table("complaint")
    op.drop_table("award_doubt")
    with op.batch_alter_table("achievement_version") as table:
        table.drop_column("appeal_days")
