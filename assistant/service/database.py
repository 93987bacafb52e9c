"""The orders database, opened as the record is: its tables made, and a newer schema refused.

Knows nothing of what the tables hold.
"""

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import SetupError
from assistant.record.database import engine_on, shown, writing
from assistant.service.tables import SCHEMA, Base, SchemaRow

_SET_UP_LOCK = 0x6F7264657273  # any constant: it names the advisory lock under which tables are made


def open_database(url: str) -> Engine:
    """An engine on `url` with all tables; SetupError names the database and what went wrong."""
    engine: Engine | None = None
    try:
        engine = engine_on(url)
        with writing(engine).begin() as connection:
            version = _set_up(connection)
    except (SQLAlchemyError, OSError, ImportError) as error:
        if engine is not None:
            engine.dispose()
        reason = str(error).splitlines()[0]
        raise SetupError(f"the orders at {shown(url)} cannot be opened: {reason}; check AISLE_ORDERS_URL") from error
    if version > SCHEMA:
        engine.dispose()
        raise SetupError(
            f"the orders at {shown(url)} are of schema {version}, newer than this program's {SCHEMA}: update Aisle"
        )
    return engine


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
