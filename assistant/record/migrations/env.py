"""Alembic's entry: runs migrations on the connection, and in the transaction, that the record hands over."""

from alembic import context

from assistant.record.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
