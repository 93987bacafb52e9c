"""The orders database, opened: SQLite and PostgreSQL set up, tables made, and a newer schema refused.

Knows nothing of what the tables hold.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import SetupError
from assistant.service.tables import SCHEMA, Base, SchemaRow

_BUSY_TIMEOUT_MS = 30_000
_SET_UP_LOCK = 0x6F7264657273  # any constant: it names the advisory lock under which tables are made


def open_database(url: str) -> Engine:
    """An engine on `url` with all tables; SetupError names the database and what went wrong."""
    engine: Engine | None = None
    try:
        engine = _engine(url)
        with writing(engine).begin() as connection:
            version = _set_up(connection)
    except (SQLAlchemyError, OSError, ImportError) as error:
        if engine is not None:
            engine.dispose()
        reason = str(error).splitlines()[0]
        raise SetupError(f"the orders at {_shown(url)} cannot be opened: {reason}; check AISLE_ORDERS_URL") from error
    if version > SCHEMA:
        engine.dispose()
        raise SetupError(
            f"the orders at {_shown(url)} are of schema {version}, newer than this program's {SCHEMA}: update Aisle"
        )
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine, with transactions that are going to write from their start."""
    return engine.execution_options(writes=True)


def _engine(url: str) -> Engine:
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


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes cannot wait for another writer: it must take the lock at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up(connection: Connection) -> int:
    """Make what is missing and give the schema's number; of several processes at once one does it, the others wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SET_UP_LOCK})
    SchemaRow.metadata.tables[SchemaRow.__tablename__].create(connection, checkfirst=True)
    known = connection.scalar(select(SchemaRow.number))
    if known is not None and int(known) > SCHEMA:
        return int(known)
    Base.metadata.create_all(connection)
    if known is None:
        connection.execute(insert(SchemaRow).values(number=SCHEMA))
    return SCHEMA


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "the given URL"
