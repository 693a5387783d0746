"""The earlier wordings of a form's consent, by digest."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    wordings = sa.Column(
        "wordings", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False
    )
    op.add_column("form", wordings)


def downgrade() -> None:
    op.drop_column("form", "wordings")
