"""Make the audit log append-only by triggers."""

from alembic import op

from assessment.audit import triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    triggers.install(op.get_bind())


def downgrade() -> None:
    triggers.remove(op.get_bind())
