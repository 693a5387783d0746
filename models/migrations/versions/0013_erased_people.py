"""Erased people"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NEW_SALT = "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"


def array(name: str, of: sa.types.TypeEngine[object]) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(of), server_default="{}", nullable=False)


def upgrade() -> None:
    op.add_column("lead", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    salt = sa.Column("salt", sa.LargeBinary(), server_default=sa.text(NEW_SALT), nullable=False)
    op.add_column("business", salt)
    op.create_table(
        "erasure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        array("leads", sa.BigInteger()),
        array("contacts", sa.BigInteger()),
        array("addresses", sa.Text()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_erasure_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("uid", name=op.f("uq_erasure_uid")),
    )
    op.create_index(op.f("ix_erasure_business_id_id"), "erasure", ["business_id", "id"])
    op.create_index(op.f("ix_contact_business_id_uid"), "contact", ["business_id", "uid"])
    op.create_index(op.f("ix_event_attempt_event_id"), "event_attempt", ["event_id"])
    op.create_index(op.f("ix_conversion_lead_id"), "conversion", ["lead_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_conversion_lead_id"), table_name="conversion")
    op.drop_index(op.f("ix_event_attempt_event_id"), table_name="event_attempt")
    op.drop_index(op.f("ix_contact_business_id_uid"), table_name="contact")
    op.drop_table("erasure")
    op.drop_column("business", "salt")
    op.drop_column("lead", "erased_at")
