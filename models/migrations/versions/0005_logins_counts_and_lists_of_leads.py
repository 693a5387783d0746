"""Logins of staff, counts of leads by deltas, and indexes for lists of leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What the Leads & CRM tongue calls a lead's status and source, whichever tongue wrote them. The lists, the
# counts and the index all ask these functions: a change of theirs must rebuild the index and the counts.
WORDS = (
    """
    CREATE FUNCTION lead_status(status text, converted_at timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN converted_at IS NOT NULL THEN 'customer'
        WHEN lower(status) IN ('tentative', 'potential', 'closed', 'contact', 'customer') THEN lower(status)
        WHEN lower(status) IN ('loyal', 'won', 'client') THEN 'customer'
        WHEN lower(status) IN ('contacted', 'working') THEN 'contact'
        WHEN lower(status) IN ('qualified') THEN 'potential'
        WHEN lower(status) IN ('unqualified', 'lost', 'archived') THEN 'closed'
        ELSE 'prospect'
    END
    """,
    """
    CREATE FUNCTION lead_source(source text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN source = '' THEN 'direct'
        WHEN lower(source) IN ('direct', 'website', 'facebook', 'twitter', 'instagram', 'search',
            'pinterest', 'reddit') THEN lower(source)
        ELSE 'other'
    END
    """,
    """
    CREATE FUNCTION phone_digits(phone text, phone_e164 text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(CASE WHEN phone_e164 <> '' THEN phone_e164 ELSE phone END, '[^0-9]', '', 'g')
    """,
)
GROUP = "business_id, creator_id, owner_id, lead_status(status, converted_at), lead_source(source)"
DELTAS = "INSERT INTO lead_tally (business_id, creator_id, owner_id, status, source, n)"
COUNTING = (
    f"""
    CREATE FUNCTION tally_new_leads() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {DELTAS} SELECT {GROUP}, count(*) FROM new_leads WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5;
        RETURN NULL;
    END $$
    """,  # noqa: S608 - names of our own
    # The capture lane's statement fires this for every batch, most often without a row.
    f"""
    CREATE FUNCTION tally_changed_leads() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM new_leads) THEN
            {DELTAS}
            SELECT business_id, creator_id, owner_id, status, source, sum(n) FROM (
                SELECT {GROUP}, 1 FROM new_leads WHERE deleted_at IS NULL
                UNION ALL SELECT {GROUP}, -1 FROM old_leads WHERE deleted_at IS NULL
            ) AS d(business_id, creator_id, owner_id, status, source, n)
            GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0;
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608 - names of our own
    f"""
    CREATE FUNCTION tally_gone_leads() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {DELTAS} SELECT {GROUP}, -count(*) FROM old_leads WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5;
        RETURN NULL;
    END $$
    """,  # noqa: S608 - names of our own
    """
    CREATE TRIGGER tally_new AFTER INSERT ON lead REFERENCING NEW TABLE AS new_leads
    FOR EACH STATEMENT EXECUTE FUNCTION tally_new_leads()
    """,
    """
    CREATE TRIGGER tally_changed AFTER UPDATE ON lead
    REFERENCING OLD TABLE AS old_leads NEW TABLE AS new_leads
    FOR EACH STATEMENT EXECUTE FUNCTION tally_changed_leads()
    """,
    """
    CREATE TRIGGER tally_gone AFTER DELETE ON lead REFERENCING OLD TABLE AS old_leads
    FOR EACH STATEMENT EXECUTE FUNCTION tally_gone_leads()
    """,
    f"""
    {DELTAS.replace(", n)", ", n, fresh)")}
    SELECT {GROUP}, count(*), false FROM lead WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5
    """,  # noqa: S608 - names of our own
)
# Leads of before are their business's first user's.
OWNED = """
    UPDATE lead SET creator_id = (SELECT min(id) FROM staff WHERE staff.business_id = lead.business_id)
    WHERE creator_id IS NULL
"""
STATUS = sa.text("lead_status(status, converted_at)")
INDEXES = {
    "ix_lead_owned": (["creator_id", "id"], "deleted_at IS NULL"),
    "ix_lead_assigned": (["owner_id", "id"], "owner_id IS NOT NULL AND deleted_at IS NULL"),
    "ix_lead_status": (
        ["creator_id", STATUS, "id"],
        "deleted_at IS NULL AND lead_status(status, converted_at) <> 'prospect'",
    ),
    "ix_lead_first_name": ([sa.text("lower(first_name)"), "id"], "first_name <> ''"),
    "ix_lead_last_name": ([sa.text("lower(last_name)"), "id"], "last_name <> ''"),
    "ix_lead_phone": ([sa.text("phone_digits(phone, phone_e164)"), "id"], "phone <> ''"),
}


def upgrade() -> None:
    op.add_column("staff", sa.Column("password_hash", sa.Text(), server_default="", nullable=False))
    op.add_column("staff", sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column(
        "business",
        sa.Column(
            "crm_notifications",
            postgresql.ARRAY(sa.Text()),
            server_default="{email,assignee}",
            nullable=False,
        ),
    )
    op.create_table(
        "lead_tally",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("fresh", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_tally")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0.0", "autovacuum_vacuum_threshold": "1000"},
    )
    op.create_index("ix_lead_tally_creator_id", "lead_tally", ["business_id", "creator_id"])
    op.create_index("ix_lead_tally_fresh", "lead_tally", ["business_id"], postgresql_where=sa.text("fresh"))
    for statement in (*WORDS, OWNED, *COUNTING):
        op.execute(statement)
    for name, (columns, condition) in INDEXES.items():
        op.create_index(name, "lead", ["business_id", *columns], postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="lead")
    for change in ("new", "changed", "gone"):
        op.execute(f"DROP TRIGGER tally_{change} ON lead")
        op.execute(f"DROP FUNCTION tally_{change}_leads()")
    op.drop_table("lead_tally")
    for function in ("lead_status(text, timestamptz)", "lead_source(text)", "phone_digits(text, text)"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_column("business", "crm_notifications")
    op.drop_column("staff", "active")
    op.drop_column("staff", "password_hash")
