"""Sources of partner webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOW = sa.text("clock_timestamp()")
SECRETS = ("secret", "previous_secret", "token")


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("preset", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), server_default="url", nullable=False),
        sa.Column("options", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in SECRETS),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mapping", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("notifications", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("identifier", sa.Text(), server_default="email", nullable=False),
        sa.Column("is_test", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_source_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("key", name=op.f("uq_source_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_source_uid")),
    )
    op.create_index(op.f("ix_source_business_id"), "source", ["business_id"])


def downgrade() -> None:
    op.drop_table("source")
