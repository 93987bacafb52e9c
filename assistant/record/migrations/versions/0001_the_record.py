"""The record as it begins: sessions, turns, replies and what followed from them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _create_what_turns_refer_to()
    _create_turns()
    _create_what_was_shown_and_done()
    _create_what_was_rated_and_failed()


def _create_what_turns_refer_to() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shopper_id", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("quantisation", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("index", sa.Text(), nullable=False),
        sa.Column("ranker", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
    )


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("need", _JSON, nullable=True),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_turns_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("session_id", "number", name="uq_turns_session_id_number"),
    )
    op.create_table(
        "replies",
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("versions_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("need", _JSON, nullable=False),
        sa.Column("slate", _JSON, nullable=False),
        sa.Column("evidence", _JSON, nullable=False),
        sa.Column("claims", _JSON, nullable=False),
        sa.Column("quick_replies", _JSON, nullable=False),
        sa.Column("timings_ms", _JSON, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("finished_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_replies_turn_id"),
        sa.ForeignKeyConstraint(["versions_id"], ["versions.id"], name="fk_replies_versions_id"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_replies"),
    )


def _create_what_was_shown_and_done() -> None:
    op.create_table(
        "impressions",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("shown_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_impressions_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_impressions"),
        sa.UniqueConstraint("turn_id", "product_id", name="uq_impressions_turn_id_product_id"),
    )
    op.create_table(
        "events",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_events_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_turn_id", "events", ["turn_id"])


def _create_what_was_rated_and_failed() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("versions_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_ratings_turn_id"),
        sa.ForeignKeyConstraint(["versions_id"], ["versions.id"], name="fk_ratings_versions_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
    )
    op.create_index("ix_ratings_turn_id", "ratings", ["turn_id"])
    op.create_table(
        "failures",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_failures_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
    )
    op.create_index("ix_failures_turn_id", "failures", ["turn_id"])


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
