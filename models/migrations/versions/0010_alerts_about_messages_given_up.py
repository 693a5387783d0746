"""An index of the alerts about messages that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_job_given_up",
        "job",
        ["business_id", "created_at"],
        postgresql_where=sa.text("kind = 'given_up'"),
    )


def downgrade() -> None:
    op.drop_index("ix_job_given_up", table_name="job")
