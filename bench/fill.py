"""Fills the tables with leads that look like captured ones, their messages sent long ago or still owed."""

from typing import LiteralString

import psycopg

from bench.stage import Stage

# Rows come by the statement, not by the lane: a million leads within a minute or two.
STATEMENTS: tuple[LiteralString, ...] = (
    """
    INSERT INTO lead (id, business_id, uid, slug, timeline_id, email, first_name, last_name, phone,
        phone_e164, address, source, source_url, tags, fields, created_at)
    SELECT n, %(business)s, left(md5('l' || n), 16), 'ada-' || n, n, 'grace.' || n || '@example.org', 'Grace',
        'Hopper', '+14155550123', '+14155550123', '12 St James Square, London', 'website',
        'https://shop.example.org/chairs', ARRAY['website', 'chairs'], '{"Wood": "oak"}',
        now() - make_interval(secs => %(leads)s - n)
    FROM generate_series(1, %(leads)s) AS n
    """,
    """
    INSERT INTO identity (business_id, kind, value, lead_id)
    SELECT business_id, 'email', email, id FROM lead
    """,
    """
    INSERT INTO enquiry (id, business_id, uid, timeline_id, door, title, request_data, source, source_url,
        created_at)
    SELECT id, business_id, left(md5('e' || id), 16), timeline_id, 'leadgen', 'A quote for 20 chairs', fields,
        source, source_url, created_at
    FROM lead
    """,
    """
    INSERT INTO receipt (uid, business_id, token_id, door, verdict, content_type, body, lead_id, enquiry_id,
        promised, received_at)
    SELECT left(md5('r' || id), 16), business_id, 1, 'leadgen', 'created',
        'application/x-www-form-urlencoded', convert_to(repeat('field=value&', 27), 'UTF8'), id, id, 2,
        created_at
    FROM lead
    """,
    """
    INSERT INTO job (business_id, kind, queue, subject_id, state, attempts, created_at, finished_at)
    SELECT business_id, kind, queue, id, %(state)s::text, (%(state)s::text = 'done')::int, created_at,
        CASE WHEN %(state)s::text = 'done' THEN created_at END
    FROM lead, unnest(%(kinds)s::text[], %(queues)s::text[]) AS k(kind, queue)
    """,
    "SELECT setval('lead_id_seq', %(leads)s)",
    "SELECT setval('timeline_id_seq', %(leads)s)",
    "SELECT setval('enquiry_id_seq', %(leads)s)",
)


def fill(where: Stage, leads: int, *, state: str, jobs: dict[str, str]) -> None:
    """Put in new leads with one enquiry each, and jobs by kind and queue in one state; then analyse."""
    values = {
        "business": where.business_id,
        "leads": leads,
        "state": state,
        "kinds": list(jobs),
        "queues": list(jobs.values()),
    }
    with psycopg.connect(where.url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        with connection.transaction():
            for statement in STATEMENTS:
                connection.execute(statement, values)
        connection.execute("VACUUM (ANALYZE) lead, identity, enquiry, receipt, job")
        # What is yet to be written of the filling must not weigh on the rounds.
        connection.execute("CHECKPOINT")
