"""Panels' raw cuts, and the marks that were solved from them."""

import sqlalchemy as sa
from alembic import op

from assessment import triggers
from assessment.items.refusals import REFUSALS

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panel_standard",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("bank_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("test_key", sa.String(length=120), nullable=True),
        sa.Column("cut_key", sa.String(length=120), nullable=True),
        sa.Column("places_items", sa.Boolean(), nullable=False),
        sa.Column("raw_cut", sa.Double(), nullable=False),
        sa.Column("se", sa.Double(), nullable=False),
        sa.Column("sd", sa.Double(), nullable=False),
        sa.Column("judges", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("agreement_of_one", sa.Double(), nullable=True),
        sa.Column("agreement_of_panel", sa.Double(), nullable=True),
        sa.Column("consistency", sa.Double(), nullable=True),
        sa.Column("ratings", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_panel_standard_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_standard")),
        sa.UniqueConstraint("bank_id", "number", name=op.f("uq_panel_standard_bank_id_number")),
    )
    with op.batch_alter_table("cut_score", schema=None) as batch_op:
        batch_op.add_column(sa.Column("panel_standard_id", sa.String(length=26), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_cut_score_panel_standard_id"),
            "panel_standard",
            ["panel_standard_id"],
            ["id"],
        )
    triggers.install(op.get_bind(), REFUSALS)


def downgrade() -> None:
    triggers.remove(op.get_bind(), REFUSALS)
    with op.batch_alter_table("cut_score", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cut_score_panel_standard_id"), type_="foreignkey")
        batch_op.drop_column("panel_standard_id")

    op.drop_table("panel_standard")
