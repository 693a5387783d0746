"""The service some days later: its clock has gone on, and what it keeps has grown old."""

import time

import pytest

from models.business import Business
from models.database import engine

MOMENTS = """
    SELECT c.table_name, array_agg(c.column_name::text)
    FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    JOIN information_schema.columns b USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND b.column_name = 'business_id'
        AND c.data_type = 'timestamp with time zone'
    GROUP BY c.table_name
"""


def pass_days(business: Business, days: int, patch: pytest.MonkeyPatch) -> None:
    """Put the rows' moments back, which is as if the database's clock had gone on with ours."""
    before = time.time
    patch.setattr(time, "time", lambda: before() + days * 86_400)
    with engine().begin() as connection:
        for table, columns in connection.exec_driver_sql(MOMENTS).all():
            put_back = ", ".join(f"{name} = {name} - make_interval(days => {days})" for name in columns)
            connection.exec_driver_sql(
                f"UPDATE {table} SET {put_back} WHERE business_id = %s",
                (business.id,),
            )
