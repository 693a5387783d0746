"""Indexes for look-ups by email and by outside ids."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OUTSIDE_IDS = {"lead": "unique_id", "contact": "external_id"}


def upgrade() -> None:
    for table, column in OUTSIDE_IDS.items():
        op.create_index(f"ix_{table}_email", table, ["business_id", sa.text("lower(email)")])
        op.create_index(
            f"ix_{table}_{column}",
            table,
            ["business_id", column],
            postgresql_where=sa.text(f"{column} <> ''"),
        )


def downgrade() -> None:
    for table, column in OUTSIDE_IDS.items():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.drop_index(f"ix_{table}_email", table_name=table)
