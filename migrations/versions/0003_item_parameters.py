"""Item parameters, cut scores, adaptive sittings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parameter_set",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("bank_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_parameter_set_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_set")),
        sa.UniqueConstraint("bank_id", "number", name=op.f("uq_parameter_set_bank_id_number")),
    )
    with op.batch_alter_table("parameter_set", schema=None) as batch_op:
        batch_op.create_index(
            "uq_parameter_set_current",
            ["bank_id"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "cut_score",
        sa.Column("test_id", sa.String(length=26), nullable=False),
        sa.Column("parameter_set_id", sa.String(length=26), nullable=False),
        sa.Column("cut_key", sa.String(length=120), nullable=False),
        sa.Column("theta", sa.Double(), nullable=False),
        sa.Column("se", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parameter_set_id"], ["parameter_set.id"], name=op.f("fk_cut_score_parameter_set_id")
        ),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_cut_score_test_id")),
        sa.PrimaryKeyConstraint(
            "test_id", "parameter_set_id", "cut_key", name=op.f("pk_cut_score")
        ),
    )
    op.create_table(
        "item_parameter",
        sa.Column("parameter_set_id", sa.String(length=26), nullable=False),
        sa.Column("item_version_id", sa.String(length=26), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("slope", sa.Double(), nullable=False),
        sa.Column(
            "thresholds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("guessing", sa.Double(), nullable=False),
        sa.Column("upper", sa.Double(), nullable=False),
        sa.Column("slope_se", sa.Double(), nullable=True),
        sa.Column(
            "threshold_ses",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("guessing_se", sa.Double(), nullable=True),
        sa.Column("upper_se", sa.Double(), nullable=True),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_item_parameter_item_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["parameter_set_id"],
            ["parameter_set.id"],
            name=op.f("fk_item_parameter_parameter_set_id"),
        ),
        sa.PrimaryKeyConstraint(
            "parameter_set_id", "item_version_id", name=op.f("pk_item_parameter")
        ),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parameter_set_id", sa.String(length=26), nullable=True))
        batch_op.add_column(
            sa.Column(
                "withheld", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_sitting_parameter_set_id"), "parameter_set", ["parameter_set_id"], ["id"]
        )
        batch_op.create_index("ix_sitting_test_started", ["test_id", "started_at"], unique=False)

    with op.batch_alter_table("sitting_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "choice", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
            )
        )

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("adaptive", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("test", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "adaptive", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_column("adaptive")

    with op.batch_alter_table("test", schema=None) as batch_op:
        batch_op.drop_column("adaptive")

    with op.batch_alter_table("sitting_item", schema=None) as batch_op:
        batch_op.drop_column("choice")

    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index("ix_sitting_test_started")
        batch_op.drop_constraint(batch_op.f("fk_sitting_parameter_set_id"), type_="foreignkey")
        batch_op.drop_column("withheld")
        batch_op.drop_column("parameter_set_id")

    op.drop_table("item_parameter")
    op.drop_table("cut_score")
    with op.batch_alter_table("parameter_set", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_parameter_set_current",
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )

    op.drop_table("parameter_set")
