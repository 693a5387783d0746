"""Alerts about what came in and made no lead, and when that was decided"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = ("webhook_failed", "quarantined")


def upgrade() -> None:
    op.add_column("receipt", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    for kind in KINDS:
        op.create_index(
            f"ix_job_{kind}",
            "job",
            ["business_id", "created_at"],
            postgresql_where=sa.text(f"kind = '{kind}'"),
        )


def downgrade() -> None:
    for kind in KINDS:
        op.drop_index(f"ix_job_{kind}", table_name="job")
    op.drop_column("receipt", "decided_at")
