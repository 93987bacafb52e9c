"""A record as an older release left it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData

from assistant.record import database
from assistant.record.database import engine_on, writing


def older(url: str, revision: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """An empty database at `url` brought to `revision`, then given `rows` by table, in order."""
    engine = engine_on(url)
    with writing(engine).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations").replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = MetaData()
        tables.reflect(connection)
        for name, given in rows.items():
            connection.execute(tables.tables[name].insert(), list(given))
    engine.dispose()
