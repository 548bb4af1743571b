"""Who may rate on which rubric, exemplars' reference levels, and what is watched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of trust."""
    op.create_table(
        "gate",
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("exemplars_needed", sa.Integer(), nullable=False),
        sa.Column("share_exact", sa.Double(), nullable=False),
        sa.Column("share_adjacent", sa.Double(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("ratings", sa.Integer(), nullable=True),
        sa.Column("wait_days", sa.Integer(), nullable=False),
        sa.Column("seed_share", sa.Double(), nullable=False),
        sa.Column("seed_window", sa.Integer(), nullable=False),
        sa.Column("seed_exact", sa.Double(), nullable=False),
        sa.Column("seed_adjacent", sa.Double(), nullable=False),
        sa.Column("seed_misses", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_gate_institution_id")
        ),
        sa.PrimaryKeyConstraint("rubric_key", name=op.f("pk_gate")),
    )
    op.create_table(
        "gate_attempt",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column(
            "exemplars", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_gate_attempt_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_attempt")),
        sa.UniqueConstraint(
            "person_id",
            "rubric_key",
            "number",
            name=op.f("uq_gate_attempt_person_id_rubric_key_number"),
        ),
    )
    op.create_table(
        "qualification",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratings_left", sa.Integer(), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_qualification_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "rubric_key", name=op.f("pk_qualification")),
    )
    op.create_table(
        "exemplar_reference",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column(
            "levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("for_training", sa.Boolean(), nullable=False),
        sa.Column("for_gate", sa.Boolean(), nullable=False),
        sa.Column("for_seeds", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_exemplar_reference_institution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_exemplar_reference_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["rubric_id"], ["rubric.id"], name=op.f("fk_exemplar_reference_rubric_id")
        ),
        sa.PrimaryKeyConstraint("learner_id", "performance_id", name=op.f("pk_exemplar_reference")),
    )
    with op.batch_alter_table("exemplar_reference", schema=None) as batch_op:
        batch_op.create_index("ix_exemplar_reference_rubric", ["rubric_key", "key"], unique=False)
    op.create_table(
        "seed_draw",
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("draw", sa.Double(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("is_seed", sa.Boolean(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_seed_draw_assignment_id")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_seed_draw")),
    )
    op.create_table(
        "kept_back",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_kept_back_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_back_person_id")),
        sa.PrimaryKeyConstraint("person_id", "performance_id", name=op.f("pk_kept_back")),
    )
    op.create_table(
        "comparison",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("rating_id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Integer(), nullable=False),
        sa.Column("adjacent", sa.Integer(), nullable=False),
        sa.Column("safety_misses", sa.Integer(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comparison_person_id")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_comparison_rating_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
        sa.UniqueConstraint(
            "rating_id", "source_id", name=op.f("uq_comparison_rating_id_source_id")
        ),
    )
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.create_index(
            "ix_comparison_person", ["person_id", "rubric_key", "kind", "compared_at"], unique=False
        )
    op.create_table(
        "suspension_effect",
        sa.Column("rating_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("is_voided", sa.Boolean(), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_suspension_effect_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_suspension_effect_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_suspension_effect_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_suspension_effect_rating_id")
        ),
        sa.PrimaryKeyConstraint("rating_id", name=op.f("pk_suspension_effect")),
    )
    with op.batch_alter_table("suspension_effect", schema=None) as batch_op:
        batch_op.create_index(
            "ix_suspension_effect_institution", ["institution_id", "noted_at"], unique=False
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("suspension_effect", schema=None) as batch_op:
        batch_op.drop_index("ix_suspension_effect_institution")
    op.drop_table("suspension_effect")
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.drop_index("ix_comparison_person")
    op.drop_table("comparison")
    op.drop_table("kept_back")
    op.drop_table("seed_draw")
    with op.batch_alter_table("exemplar_reference", schema=None) as batch_op:
        batch_op.drop_index("ix_exemplar_reference_rubric")
    op.drop_table("exemplar_reference")
    op.drop_table("qualification")
    op.drop_table("gate_attempt")
    op.drop_table("gate")
