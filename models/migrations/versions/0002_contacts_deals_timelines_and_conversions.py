"""Contacts, deals, timelines and conversions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_type", sa.Text(), server_default="system", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("old_value", sa.Text(), server_default="", nullable=False),
        sa.Column("new_value", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        op.f("ix_activity_timeline_id"),
        "activity",
        ["timeline_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_table(
        "follow",
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("follower_type", sa.Text(), nullable=False),
        sa.Column("follower_id", sa.BigInteger(), nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "business_id", "follower_type", "follower_id", "timeline_id", name=op.f("pk_follow")
        ),
    )
    op.create_index(op.f("ix_follow_timeline_id"), "follow", ["timeline_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_important", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("type", sa.Text(), server_default="regular", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(
        op.f("ix_note_business_id_updated_at_id"), "note", ["business_id", "updated_at", "id"], unique=False
    )
    op.create_index(op.f("ix_note_timeline_id_id"), "note", ["timeline_id", "id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=True),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("completed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_date", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        op.f("ix_task_business_id_updated_at_id"), "task", ["business_id", "updated_at", "id"], unique=False
    )
    op.create_index(op.f("ix_task_timeline_id_id"), "task", ["timeline_id", "id"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_type", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    op.create_index(
        op.f("ix_timeline_business_id_owner_type_owner_id"),
        "timeline",
        ["business_id", "owner_type", "owner_id"],
        unique=False,
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("is_organization", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_organization_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("first_name", sa.Text(), server_default="", nullable=False),
        sa.Column("last_name", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_status", sa.Text(), server_default="none", nullable=False),
        sa.Column("prospect_status", sa.Text(), server_default="none", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("industry", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("phone_e164", sa.Text(), server_default="", nullable=False),
        sa.Column("mobile", sa.Text(), server_default="", nullable=False),
        sa.Column("fax", sa.Text(), server_default="", nullable=False),
        sa.Column("twitter", sa.Text(), server_default="", nullable=False),
        sa.Column("facebook", sa.Text(), server_default="", nullable=False),
        sa.Column("linkedin", sa.Text(), server_default="", nullable=False),
        sa.Column("skype", sa.Text(), server_default="", nullable=False),
        sa.Column("address", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "billing_address", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "shipping_address", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "custom_fields", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("type", sa.Text(), server_default="contact", nullable=False),
        sa.Column("avatar", sa.Text(), server_default="", nullable=False),
        sa.Column("channel_data", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("external_id", sa.Text(), server_default="", nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_potential_client", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("do_not_contact", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("whatsapp_opted_out", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("whatsapp_opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_contact_business_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_contact_id")),
        sa.ForeignKeyConstraint(
            ["parent_organization_id"], ["contact.id"], name=op.f("fk_contact_parent_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("timeline_id", name=op.f("uq_contact_timeline_id")),
    )
    op.create_index(op.f("ix_contact_business_id_email"), "contact", ["business_id", "email"], unique=False)
    op.create_index(
        op.f("ix_contact_business_id_updated_at_id"),
        "contact",
        ["business_id", "updated_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_contact_contact_id"), "contact", ["contact_id"], unique=False)
    op.create_index(
        "uq_contact_business_id_uid",
        "contact",
        ["business_id", "uid"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "conversion_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("create_deal", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["business.id"], name=op.f("fk_conversion_batch_business_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion_batch")),
        sa.UniqueConstraint("uid", name=op.f("uq_conversion_batch_uid")),
    )
    op.create_table(
        "label",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_label_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("business_id", "kind", "name", name=op.f("uq_label_business_id_kind_name")),
    )
    op.create_table(
        "pipeline",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="Sales Pipeline", nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_pipeline_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline")),
    )
    op.create_index(op.f("ix_pipeline_business_id"), "pipeline", ["business_id"], unique=False)
    op.create_table(
        "tag",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_tag_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint(
            "business_id", "resource_type", "name", name=op.f("uq_tag_business_id_resource_type_name")
        ),
    )
    op.create_table(
        "conversion_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("conversion_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["conversion_batch.id"], name=op.f("fk_conversion_item_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["business.id"], name=op.f("fk_conversion_item_business_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion_item")),
    )
    op.create_index(op.f("ix_conversion_item_batch_id"), "conversion_item", ["batch_id"], unique=False)
    op.create_table(
        "stage",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("pipeline_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default="in_progress", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("likelihood", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_stage_business_id")),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipeline.id"], name=op.f("fk_stage_pipeline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
    )
    op.create_index(op.f("ix_stage_business_id"), "stage", ["business_id"], unique=False)
    op.create_table(
        "deal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=False),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("stage_id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("loss_reason_id", sa.BigInteger(), nullable=True),
        sa.Column("unqualified_reason_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(precision=18, scale=2), server_default="0", nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("hot", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "last_stage_change_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("last_stage_change_by_id", sa.BigInteger(), nullable=True),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estimated_close_date", sa.Date(), nullable=True),
        sa.Column("customized_win_likelihood", sa.Integer(), nullable=True),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "custom_fields", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_deal_business_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_deal_contact_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["contact.id"], name=op.f("fk_deal_organization_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_deal_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("timeline_id", name=op.f("uq_deal_timeline_id")),
    )
    op.create_index(
        op.f("ix_deal_business_id_updated_at_id"), "deal", ["business_id", "updated_at", "id"], unique=False
    )
    op.create_index(op.f("ix_deal_contact_id"), "deal", ["contact_id"], unique=False)
    op.create_index(op.f("ix_deal_organization_id"), "deal", ["organization_id"], unique=False)
    op.create_table(
        "associated_contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), server_default="involved", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["business.id"], name=op.f("fk_associated_contact_business_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_associated_contact_contact_id")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_associated_contact_deal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associated_contact")),
        sa.UniqueConstraint("deal_id", "contact_id", name=op.f("uq_associated_contact_deal_id_contact_id")),
    )
    op.create_index(
        op.f("ix_associated_contact_contact_id"), "associated_contact", ["contact_id"], unique=False
    )
    op.create_table(
        "conversion",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("individual_id", sa.BigInteger(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("creator_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="converted", nullable=False),
        sa.Column("moved", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_conversion_business_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_conversion_deal_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["contact.id"], name=op.f("fk_conversion_individual_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_conversion_lead_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["contact.id"], name=op.f("fk_conversion_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion")),
    )
    op.create_index(
        op.f("ix_conversion_business_id"),
        "conversion",
        ["business_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(op.f("ix_conversion_deal_id"), "conversion", ["deal_id"], unique=False)
    op.create_index(op.f("ix_conversion_individual_id"), "conversion", ["individual_id"], unique=False)
    op.create_index(op.f("ix_conversion_organization_id"), "conversion", ["organization_id"], unique=False)
    op.create_index(
        "uq_conversion_lead_id",
        "conversion",
        ["lead_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'undone'"),
    )
    op.add_column("lead", sa.Column("organization_name", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("creator_id", sa.BigInteger(), nullable=True))
    op.add_column("lead", sa.Column("owner_id", sa.BigInteger(), nullable=True))
    op.add_column("lead", sa.Column("source_id", sa.BigInteger(), nullable=True))
    op.add_column("lead", sa.Column("unqualified_reason_id", sa.BigInteger(), nullable=True))
    op.add_column("lead", sa.Column("title", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("description", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("industry", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("website", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("mobile", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("fax", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("twitter", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("facebook", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("linkedin", sa.Text(), server_default="", nullable=False))
    op.add_column("lead", sa.Column("skype", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "lead",
        sa.Column("place", postgresql.JSON(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("lead", sa.Column("converted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("lead", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f("ix_lead_business_id_updated_at_id"), "lead", ["business_id", "updated_at", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_lead_business_id_updated_at_id"), table_name="lead")
    op.drop_column("lead", "deleted_at")
    op.drop_column("lead", "converted_at")
    op.drop_column("lead", "place")
    op.drop_column("lead", "skype")
    op.drop_column("lead", "linkedin")
    op.drop_column("lead", "facebook")
    op.drop_column("lead", "twitter")
    op.drop_column("lead", "fax")
    op.drop_column("lead", "mobile")
    op.drop_column("lead", "website")
    op.drop_column("lead", "industry")
    op.drop_column("lead", "description")
    op.drop_column("lead", "title")
    op.drop_column("lead", "unqualified_reason_id")
    op.drop_column("lead", "source_id")
    op.drop_column("lead", "owner_id")
    op.drop_column("lead", "creator_id")
    op.drop_column("lead", "organization_name")
    op.drop_index(
        "uq_conversion_lead_id", table_name="conversion", postgresql_where=sa.text("state <> 'undone'")
    )
    op.drop_index(op.f("ix_conversion_organization_id"), table_name="conversion")
    op.drop_index(op.f("ix_conversion_individual_id"), table_name="conversion")
    op.drop_index(op.f("ix_conversion_deal_id"), table_name="conversion")
    op.drop_index(op.f("ix_conversion_business_id"), table_name="conversion")
    op.drop_table("conversion")
    op.drop_index(op.f("ix_associated_contact_contact_id"), table_name="associated_contact")
    op.drop_table("associated_contact")
    op.drop_index(op.f("ix_deal_organization_id"), table_name="deal")
    op.drop_index(op.f("ix_deal_contact_id"), table_name="deal")
    op.drop_index(op.f("ix_deal_business_id_updated_at_id"), table_name="deal")
    op.drop_table("deal")
    op.drop_index(op.f("ix_stage_business_id"), table_name="stage")
    op.drop_table("stage")
    op.drop_index(op.f("ix_conversion_item_batch_id"), table_name="conversion_item")
    op.drop_table("conversion_item")
    op.drop_table("tag")
    op.drop_index(op.f("ix_pipeline_business_id"), table_name="pipeline")
    op.drop_table("pipeline")
    op.drop_table("label")
    op.drop_table("conversion_batch")
    op.drop_index(
        "uq_contact_business_id_uid", table_name="contact", postgresql_where=sa.text("deleted_at IS NULL")
    )
    op.drop_index(op.f("ix_contact_contact_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_business_id_updated_at_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_business_id_email"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_timeline_business_id_owner_type_owner_id"), table_name="timeline")
    op.drop_table("timeline")
    op.drop_index(op.f("ix_task_timeline_id_id"), table_name="task")
    op.drop_index(op.f("ix_task_business_id_updated_at_id"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_note_timeline_id_id"), table_name="note")
    op.drop_index(op.f("ix_note_business_id_updated_at_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_follow_timeline_id"), table_name="follow")
    op.drop_table("follow")
    op.drop_index(op.f("ix_activity_timeline_id"), table_name="activity")
    op.drop_table("activity")
