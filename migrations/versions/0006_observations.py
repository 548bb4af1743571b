"""Employers, observers, their links and what they saw."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from assessment import triggers
from assessment.observations.refusals import REFUSALS

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "employer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("known_by", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer")),
        sa.UniqueConstraint("known_by", name=op.f("uq_employer_known_by")),
    )

    op.create_table(
        "observer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("known_by", sa.String(length=64), nullable=False),
        sa.Column("employer_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_observer_employer_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer")),
        sa.UniqueConstraint("known_by", name=op.f("uq_observer_known_by")),
    )
    with op.batch_alter_table("observer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observer_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "nomination",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("asks", sa.String(length=40), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=True),
        sa.Column("employer", sa.String(length=300), nullable=True),
        sa.Column(
            "task_title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("nominated_by", sa.String(length=120), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_nomination_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_nomination_learner_id_performance_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_nomination_token_hash")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index("ix_nomination_mailbox", ["mailbox"], unique=False)
        batch_op.create_index("ix_nomination_performance", ["performance_id"], unique=False)
        batch_op.create_index(
            "uq_nomination_open",
            ["performance_id", "mailbox", "asks"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND used_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND used_at IS NULL"),
        )

    op.create_table(
        "acquaintance",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("source_id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_acquaintance_learner_id_performance_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "source_id", name=op.f("pk_acquaintance")),
    )
    with op.batch_alter_table("acquaintance", schema=None) as batch_op:
        batch_op.create_index("ix_acquaintance_mailbox", ["mailbox"], unique=False)

    op.create_table(
        "observation",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("performance_id", sa.String(length=26), nullable=False),
        sa.Column("nomination_id", sa.String(length=26), nullable=True),
        sa.Column("observer_id", sa.String(length=26), nullable=False),
        sa.Column("employer_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("rubric_key", sa.String(length=120), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column(
            "marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "comments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("relationship", sa.String(length=40), nullable=False),
        sa.Column("interest", sa.String(length=40), nullable=False),
        sa.Column(
            "signs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("counted_as", sa.String(length=120), nullable=False),
        sa.Column("is_capped", sa.Boolean(), nullable=False),
        sa.Column(
            "pieces", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("draw", sa.Integer(), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_observation_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_observation_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "performance_id"],
            ["performance.learner_id", "performance.id"],
            name=op.f("fk_observation_learner_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["observer_id"], ["observer.id"], name=op.f("fk_observation_observer_id")
        ),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_observation")),
        sa.UniqueConstraint("nomination_id", name=op.f("uq_observation_nomination_id")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_observation_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(
            "ix_observation_observer", ["observer_id", "learner_id", "received_at"], unique=False
        )
        batch_op.create_index("ix_observation_performance", ["performance_id"], unique=False)
        batch_op.create_index("ix_observation_rubric", ["rubric_key"], unique=False)

    op.create_table(
        "call_back",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("observation_id", sa.String(length=26), nullable=False),
        sa.Column("institution_id", sa.String(length=26), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("called_by", sa.String(length=26), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["called_by"], ["person.id"], name=op.f("fk_call_back_called_by")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_call_back_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "observation_id"],
            ["observation.learner_id", "observation.id"],
            name=op.f("fk_call_back_learner_id_observation_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "observation_id", name=op.f("pk_call_back")),
    )
    with op.batch_alter_table("call_back", schema=None) as batch_op:
        batch_op.create_index(
            "ix_call_back_waiting", ["institution_id", "outcome", "due_at"], unique=False
        )

    op.create_table(
        "observation_particulars",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("observation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("employer", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=300), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "observation_id"],
            ["observation.learner_id", "observation.id"],
            name=op.f("fk_observation_particulars_learner_id_observation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "learner_id", "observation_id", name=op.f("pk_observation_particulars")
        ),
    )

    op.create_table(
        "observation_void",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("observation_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("voided_by", sa.String(length=120), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "observation_id"],
            ["observation.learner_id", "observation.id"],
            name=op.f("fk_observation_void_learner_id_observation_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "observation_id", name=op.f("pk_observation_void")),
    )
    triggers.install(op.get_bind(), REFUSALS)


def downgrade() -> None:
    triggers.remove(op.get_bind(), REFUSALS)
    op.drop_table("observation_void")
    op.drop_table("observation_particulars")
    op.drop_table("call_back")
    op.drop_table("observation")
    op.drop_table("acquaintance")
    op.drop_table("nomination")
    op.drop_table("observer")
    op.drop_table("employer")
