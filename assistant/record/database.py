"""A record's database, opened and brought to the newest schema. Knows how SQLite and PostgreSQL must be set up."""

import logging
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import SetupError

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS = 30_000
_MIGRATION_LOCK = 0x6169736C65  # any constant: it names the advisory lock that migrations of this database take


def open_database(url: str) -> Engine:
    """An engine on `url`, created and migrated where needed; SetupError names the database and what went wrong."""
    engine: Engine | None = None
    try:
        engine = engine_on(url)
        with writing(engine).begin() as connection:
            _migrate(connection)
    except (SQLAlchemyError, CommandError, OSError, ImportError) as error:
        if engine is not None:
            engine.dispose()
        raise SetupError(f"the record at {shown(url)} cannot be opened: {str(error).splitlines()[0]}") from error
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, with transactions that are going to write from their start."""
    return engine.execution_options(writes=True)


def engine_on(url: str) -> Engine:
    """An engine on `url` that commits durably; SQLite waits for another writer instead of failing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver begins no transaction of its own; _begin_sqlite does
    connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten in the file


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes cannot wait for another writer: it must take the lock at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(connection: Connection) -> None:
    """Upgrade to the newest revision; of several processes at once one does it while the others wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its INFO lines tell of its own classes
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == head:
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def shown(url: str) -> str:
    """`url` as it may be told: without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "the given URL"
