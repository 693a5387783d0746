"""An index of the alerts about what partners sent and made no lead."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_job_webhook_failed",
        "job",
        ["business_id", "created_at"],
        postgresql_where=sa.text("kind = 'webhook_failed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_job_webhook_failed", table_name="job")
