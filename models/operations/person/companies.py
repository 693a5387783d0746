"""What a company has of the person who stood for it: that goes with the person, and the company stays."""

# Of a company that a lead without a last name became, or that has the address.
OF_COMPANY = (
    "first_name", "last_name", "email", "phone", "phone_e164", "title", "mobile", "fax", "twitter",
    "facebook", "linkedin", "skype", "position", "external_id", "channel_data", "avatar", "address",
    "custom_fields",
)  # fmt: skip

# A conversion gives a company what its lead had; what staff wrote there since is the company's.
OF_CONVERSIONS = """
    UPDATE contact o SET
        updated_at = clock_timestamp(),
        description = CASE WHEN o.description = l.description THEN '' ELSE o.description END,
        address = (
            SELECT coalesce(json_object_agg(k, v), '{}') FROM json_each(o.address) AS e(k, v)
            WHERE NOT (jsonb_build_object('line1', l.address) || l.place::jsonb)
                @> jsonb_build_object(k, v::jsonb)
        ),
        custom_fields = (
            SELECT coalesce(json_object_agg(k, v), '{}') FROM json_each(o.custom_fields) AS e(k, v)
            WHERE NOT l.fields::jsonb @> jsonb_build_object(k, v::jsonb)
        )
    FROM conversion c JOIN lead l ON l.id = c.lead_id
    WHERE c.lead_id = ANY(%(leads)s) AND o.id = c.organization_id AND l.erased_at IS NULL
"""
# What was told of changes to the details that go.
OF_CHANGES = f"""
    UPDATE activity a SET old_value = '', new_value = '' FROM contact o
    WHERE a.timeline_id = o.timeline_id AND a.facts->>'field' IN {(*OF_COMPANY, "description")}
        AND o.id = ANY(%(companies)s::bigint[] || array(
            SELECT organization_id FROM conversion
            WHERE lead_id = ANY(%(leads)s) AND organization_id IS NOT NULL
        ))
"""  # noqa: S608 - names of our own columns
OF_COMPANIES = (OF_CONVERSIONS, OF_CHANGES)
