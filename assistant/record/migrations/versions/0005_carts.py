"""Carts: what was put in, changed and taken out, a row each."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cart_changes",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("variant_id", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_cart_changes_session_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_cart_changes_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cart_changes"),
    )
    op.create_index("ix_cart_changes_session_id", "cart_changes", ["session_id"])


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
