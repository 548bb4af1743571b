"""What assessors skip, the comments that they use again, and places that nobody may take."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_comment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_stock_comment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_comment")),
    )
    with op.batch_alter_table("stock_comment", schema=None) as batch_op:
        batch_op.create_index("ix_stock_comment", ["person_id", "rubric_key"], unique=False)

    op.create_table(
        "second_look",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_second_look_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_second_look_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_look_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "performance_id", "person_id", name=op.f("pk_second_look")
        ),
    )
    op.create_table(
        "skip",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_skip_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_skip_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_skip_person_id")),
        sa.PrimaryKeyConstraint("person_id", "performance_id", name=op.f("pk_skip")),
    )
    with op.batch_alter_table("skip", schema=None) as batch_op:
        batch_op.create_index("ix_skip_performance", ["learner_id", "performance_id"], unique=False)

    op.create_table(
        "stuck_place",
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_stuck_place_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_stuck_place_institution_id")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_stuck_place")),
    )
    op.create_index(
        "ix_stuck_place_institution", "stuck_place", ["institution_id", "told_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("stuck_place")
    with op.batch_alter_table("skip", schema=None) as batch_op:
        batch_op.drop_index("ix_skip_performance")

    op.drop_table("skip")
    op.drop_table("second_look")
    with op.batch_alter_table("stock_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_comment")

    op.drop_table("stock_comment")
