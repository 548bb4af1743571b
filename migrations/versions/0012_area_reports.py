"""What the areas of a test tell beside its total."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area_report",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("test_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column(
            "areas", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["test_id"], ["test.id"], name=op.f("fk_area_report_test_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_report")),
        sa.UniqueConstraint("test_id", "number", name=op.f("uq_area_report_test_id_number")),
    )


def downgrade() -> None:
    op.drop_table("area_report")
