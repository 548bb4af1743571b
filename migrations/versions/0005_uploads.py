"""Files on their way, piece by piece."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("original_name", sa.String(length=300), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("artefact_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_upload_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index("ix_upload_touched_at", ["touched_at"], unique=False)
        batch_op.create_index(
            "uq_upload_open",
            ["learner_id", "fingerprint"],
            unique=True,
            sqlite_where=sa.text("artefact_id IS NULL"),
            postgresql_where=sa.text("artefact_id IS NULL"),
        )

    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.create_index("ix_artefact_id", ["id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.drop_index("ix_artefact_id")

    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_upload_open",
            sqlite_where=sa.text("artefact_id IS NULL"),
            postgresql_where=sa.text("artefact_id IS NULL"),
        )
        batch_op.drop_index("ix_upload_touched_at")

    op.drop_table("upload")
