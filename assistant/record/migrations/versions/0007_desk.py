"""The desk: its log, how each ticket stands by it, and the people who sign in. Tickets that are there begin as open."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _create_agents()
    _create_log()
    _create_states()
    _create_what_agents_keep()
    _open_what_is_there()


def _create_agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("email", name="uq_agents_email"),
    )
    op.create_table(
        "agent_tokens",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_agent_tokens_agent_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_agent_tokens"),
    )
    op.create_index("ix_agent_tokens_agent_id", "agent_tokens", ["agent_id"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_email", "sign_in_attempts", ["email"])


def _create_log() -> None:
    op.create_table(
        "desk_events",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("turn_id", sa.Text(), nullable=True),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_desk_events_session_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_desk_events_ticket_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_desk_events_agent_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_desk_events_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_desk_events"),
        sa.UniqueConstraint("key", name="uq_desk_events_key"),
    )
    for column in ("session_id", "ticket_id", "turn_id"):
        op.create_index(f"ix_desk_events_{column}", "desk_events", [column])


def _create_states() -> None:
    op.create_table(
        "ticket_states",
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("mood", sa.Double(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("summary", _JSON, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("waiting_since", _MOMENT, nullable=True),
        sa.Column("snoozed_until", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_for", sa.Text(), nullable=True),
        sa.Column("last_author", sa.Text(), nullable=True),
        sa.Column("last_text", sa.Text(), nullable=True),
        sa.Column("last_at", _MOMENT, nullable=True),
        sa.Column("last_event_id", _COUNTER, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_states_ticket_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_ticket_states_session_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_ticket_states_agent_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_states"),
    )
    for column in ("session_id", "status"):
        op.create_index(f"ix_ticket_states_{column}", "ticket_states", [column])


def _create_what_agents_keep() -> None:
    op.create_table(
        "ticket_looks",
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("event_id", _COUNTER, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_ticket_looks_agent_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_looks_ticket_id"),
        sa.PrimaryKeyConstraint("agent_id", "ticket_id", name="pk_ticket_looks"),
    )
    op.create_table(
        "macros",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("texts", _JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_macros_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_macros"),
    )


def _open_what_is_there() -> None:
    """Each ticket as an event and a state; one that repeats another with an address gives it that address."""
    columns = "id, session_id, turn_id, product_id, kind, question, email, locale, created_at"
    found = op.get_bind().execute(sa.text(f"SELECT {columns} FROM tickets ORDER BY created_at, id")).mappings()
    tickets = {}
    for row in found:
        same = (row["session_id"], row["kind"], row["product_id"], row["question"])
        first = tickets.setdefault(same, dict(row))
        first["email"] = row["email"] or first["email"]
    for number, ticket in enumerate(tickets.values(), start=1):
        _open(number, ticket)


def _open(number: int, ticket: dict) -> None:
    names = ("reason", "line", "language", "mood", "priority", "email", "summary")
    said = (ticket["kind"], ticket["question"], ticket["locale"], 0.0, 0, ticket["email"], {})
    op.get_bind().execute(
        sa.text(
            "INSERT INTO desk_events (session_id, ticket_id, kind, author, turn_id, data, at) "
            "VALUES (:session_id, :id, 'opened', 'system', :turn_id, :data, :created_at)"
        ).bindparams(sa.bindparam("data", type_=_JSON)),
        {**ticket, "data": dict(zip(names, said))},
    )
    op.get_bind().execute(
        sa.text(
            "INSERT INTO ticket_states (ticket_id, session_id, status, version, reason, line, language, mood, priority, "
            "email, summary, created_at, waiting_since, last_event_id) VALUES (:id, :session_id, 'open', 1, :kind, "
            ":question, :locale, 0.0, 0, :email, :summary, :created_at, :created_at, :number)"
        ).bindparams(sa.bindparam("summary", type_=_JSON)),
        {**ticket, "summary": {}, "number": number},
    )


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
