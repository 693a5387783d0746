"""Logins of staff, counts of leads by deltas, and indexes for lists of leads."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("password_hash", sa.Text(), server_default="", nullable=False))
    op.add_column("staff", sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False))


def downgrade() -> None:
    op.drop_column("staff", "active")
    op.drop_column("staff", "password_hash")
