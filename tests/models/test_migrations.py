"""The migrations and the tables say the same."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from models.database import engine, migrate
from models.tables import METADATA


def test_it_works(own_database: str) -> None:
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_it_migrates_twice_without_harm(own_database: str) -> None:
    migrate()
