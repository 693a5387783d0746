"""The index of watched doors, without requests that were refused or set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DOORS = "door LIKE 'form:%' OR door LIKE 'hook:%'"
TAKEN = "verdict IN ('created', 'updated', 'repeat', 'received', 'failed', 'split')"


def upgrade() -> None:
    replace(f"({DOORS}) AND {TAKEN}")


def downgrade() -> None:
    replace(DOORS)


def replace(watched: str) -> None:
    op.drop_index("ix_receipt_door", table_name="receipt")
    op.create_index(
        "ix_receipt_door",
        "receipt",
        ["business_id", "door", "received_at"],
        postgresql_where=sa.text(watched),
    )
