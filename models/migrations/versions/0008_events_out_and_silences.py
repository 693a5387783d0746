"""Events out, and silences"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def moment(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("clock_timestamp()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not now)


def text(name: str, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        text("uid", None),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        text("url", None),
        sa.Column("events", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        text("format", "standard"),
        text("topic"),
        text("secret", None),
        text("old_secret"),
        moment("old_secret_until"),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        moment("failing_since"),
        moment("disabled_at"),
        text("disabled_reason"),
        moment("created_at", now=True),
        moment("updated_at", now=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_subscription_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("uid", name=op.f("uq_subscription_uid")),
    )
    op.create_index(op.f("ix_subscription_business_id_id"), "subscription", ["business_id", "id"])
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        text("uid", None),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        text("type", None),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("enquiry_id", sa.BigInteger(), nullable=True),
        moment("created_at", now=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_table(
        "event_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), server_default="0", nullable=False),
        text("error"),
        text("answer"),
        sa.Column("milliseconds", sa.Integer(), server_default="0", nullable=False),
        moment("at", now=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_attempt_event_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_event_attempt_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_attempt")),
    )
    op.create_index(op.f("ix_event_attempt_subscription_id_id"), "event_attempt", ["subscription_id", "id"])
    op.create_table(
        "silence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        text("door", None),
        moment("last_at", now=True),
        sa.Column("usual_seconds", sa.Integer(), server_default="0", nullable=False),
        moment("noticed_at", now=True),
        moment("over_at"),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_silence_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(
        "uq_silence_open",
        "silence",
        ["business_id", "door"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.create_index(
        "ix_receipt_door",
        "receipt",
        ["business_id", "door", "received_at"],
        postgresql_where=sa.text("door LIKE 'form:%' OR door LIKE 'hook:%'"),
    )


def downgrade() -> None:
    op.drop_index("ix_receipt_door", table_name="receipt")
    for table in ("silence", "event_attempt", "event", "subscription"):
        op.drop_table(table)
