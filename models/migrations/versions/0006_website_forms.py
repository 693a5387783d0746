"""Website forms: their rows, what is counted about posts, suspects, touches and consents"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        big("business_id"),
        words("uid", default=None),
        words("key", default=None),
        words("old_key", default=None, nullable=True),
        moment("old_key_until", nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        words("name", default=None),
        sa.Column("fields", sa.JSON(), server_default="[]", nullable=False),
        words("identifier", "email"),
        texts("notifications"),
        texts("origins"),
        words("success_url"),
        words("error_url"),
        words("language", "en"),
        words("source"),
        texts("tags"),
        words("consent"),
        flag("double_opt_in"),
        flag("honeypot", "true"),
        flag("altcha"),
        number("min_seconds", 3),
        number("max_seconds", 86_400),
        texts("blocked_words"),
        number("threshold", 50),
        number("daily_limit", 1_000),
        number("recipient_limit", 5),
        number("retention_days", 0),
        moment("created_at"),
        moment("updated_at"),
        moment("deleted_at", nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_form_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("uid", name=op.f("uq_form_uid")),
        sa.UniqueConstraint("key", name=op.f("uq_form_key")),
        sa.UniqueConstraint("old_key", name=op.f("uq_form_old_key")),
    )
    op.create_index(op.f("ix_form_business_id"), "form", ["business_id"])
    op.create_table(
        "form_count",
        big("form_id"),
        words("name", default=None),
        number("count", 0),
        moment("since"),
        sa.PrimaryKeyConstraint("form_id", "name", name=op.f("pk_form_count")),
    )
    op.create_index(op.f("ix_form_count_since"), "form_count", ["since"])
    op.create_table(
        "suspect",
        words("receipt_uid", default=None),
        big("business_id"),
        big("form_id"),
        number("score", 0),
        texts("rules"),
        words("address_hash"),
        words("referrer"),
        words("consent"),
        moment("created_at"),
        sa.PrimaryKeyConstraint("receipt_uid", name=op.f("pk_suspect")),
    )
    op.create_index(op.f("ix_suspect_form_id"), "suspect", ["form_id"])
    op.create_table(
        "touch",
        big("enquiry_id"),
        big("business_id"),
        big("lead_id"),
        words("utm_source"),
        words("utm_medium"),
        words("utm_campaign"),
        words("utm_term"),
        words("utm_content"),
        words("gclid"),
        words("fbclid"),
        words("msclkid"),
        words("landing_page"),
        words("referrer"),
        moment("created_at"),
        sa.PrimaryKeyConstraint("enquiry_id", name=op.f("pk_touch")),
    )
    op.create_index(op.f("ix_touch_lead_id_enquiry_id"), "touch", ["lead_id", "enquiry_id"])
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        big("business_id"),
        big("form_id"),
        big("lead_id"),
        big("enquiry_id"),
        words("wording", default=None),
        words("address_hash"),
        words("token", default=None, nullable=True),
        moment("given_at"),
        moment("confirmed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("enquiry_id", name=op.f("uq_consent_enquiry_id")),
        sa.UniqueConstraint("token", name=op.f("uq_consent_token")),
    )
    op.create_index(op.f("ix_consent_lead_id"), "consent", ["lead_id"])


def downgrade() -> None:
    for table in ("consent", "touch", "suspect", "form_count", "form"):
        op.drop_table(table)


def big(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def words(name: str, default: str | None = "", *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), server_default=default, nullable=nullable)


def texts(name: str) -> sa.Column:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)


def number(name: str, default: int) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default=str(default), nullable=False)


def flag(name: str, default: str = "false") -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    clock = None if nullable else sa.text("clock_timestamp()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=clock, nullable=nullable)
