"""Room: ids that the other system has given are left free for its records."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from models import advisory
from models.operations.imports.kind import Batch

# Above whatever the other systems have given, and well within the 53 bits that JavaScript counts by.
BEYOND = 10**12
ALONE = "SELECT pg_advisory_xact_lock(%s)"
RAISE = """
    SELECT setval(s.name, %(beyond)s)
    FROM unnest(%(tables)s::text[]) AS t(name)
    CROSS JOIN LATERAL (SELECT pg_get_serial_sequence(quote_ident(t.name), 'id')::regclass AS name) s
    WHERE coalesce(pg_sequence_last_value(s.name), 0) < %(beyond)s
"""
DRAW = "SELECT nextval(pg_get_serial_sequence(quote_ident(%s), 'id')) FROM generate_series(1, %s)"


def make_room(connection: Connection, tables: Iterable[str]) -> None:
    """From now on, records that are born here get ids that no other system has given."""
    connection.exec_driver_sql(RAISE, {"beyond": BEYOND, "tables": sorted(set(tables))})


def placed(batch: Batch, ids: Sequence[int]) -> dict[int, int]:
    """An id of ours for each of those: the same one, unless a record of ours has it, or will be given it."""
    connection, table = batch.session.connection(), batch.kind.columns.name
    connection.exec_driver_sql(ALONE, (advisory.IMPORT,))
    query = f'SELECT id FROM "{table}" WHERE id = ANY(%s)'  # noqa: S608 - a table of ours
    taken = set(connection.exec_driver_sql(query, (list(ids),)).scalars())
    kept = {one for one in ids if batch.kind.keeps_ids and 0 < one < BEYOND and one not in taken}
    others = sorted(set(ids) - kept)
    drawn = connection.exec_driver_sql(DRAW, (table, len(others))).scalars()
    return {one: one for one in kept} | dict(zip(others, drawn, strict=True))
