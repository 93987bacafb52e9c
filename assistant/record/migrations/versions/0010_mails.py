"""Mails to shoppers who have left: what waits to be sent, and what their pages have shown so that it need not be."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "session_looks",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("event_id", _COUNTER, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_session_looks_session_id"),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_looks"),
    )
    op.create_table(
        "mails",
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("first_id", _COUNTER, nullable=False),
        sa.Column("last_id", _COUNTER, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_mails_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_mails"),
    )
    op.create_index("ix_mails_next_at", "mails", ["next_at"])


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
