"""The migrations and the tables say the same."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import models
from models.database import engine, migrate
from models.tables import METADATA


def test_it_works(own_database: str) -> None:
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_it_migrates_twice_without_harm(own_database: str) -> None:
    migrate()
    with engine().connect() as connection:
        # A migration may take long; what comes after it on the same connection may not.
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "30s"


def test_it_counts_the_leads_of_before_and_gives_them_an_owner(own_database: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(models.__file__).parent / "migrations"))
    before = ScriptDirectory.from_config(config).get_revision("0005").down_revision
    with engine().connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, str(before))
        connection.exec_driver_sql("INSERT INTO business (uid, nickname) VALUES ('one', 'one')")
        connection.exec_driver_sql("INSERT INTO staff (business_id, username) SELECT id, 'ada' FROM business")
        connection.exec_driver_sql(
            """INSERT INTO lead (business_id, uid, timeline_id, status, deleted_at)
               SELECT b.id, n::text, n, CASE WHEN n < 5 THEN 'loyal' ELSE 'New' END,
                   CASE WHEN n = 1 THEN now() END
               FROM business b, generate_series(1, 9) AS n"""
        )
        connection.commit()
        migrate()
        tally = connection.exec_driver_sql("SELECT creator_id, status, source, n FROM lead_tally ORDER BY n")
        ada = connection.exec_driver_sql("SELECT id FROM staff").scalar_one()
        assert [tuple(row) for row in tally] == [
            (ada, "customer", "direct", 3),
            (ada, "prospect", "direct", 5),
        ]
