"""How long opened products were looked at, in the figures; and of each answer only the last thumb."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FIGURES = ("insight_sessions", "insight_items", "insight_groups", "insight_products", "insight_positions")


def upgrade() -> None:
    for table in _FIGURES:
        op.add_column(table, sa.Column("dwells", sa.Integer(), nullable=False, server_default="0"))
        op.add_column(table, sa.Column("dwell_ms", sa.BigInteger(), nullable=False, server_default="0"))
    _count_anew()


def _count_anew() -> None:
    """Every session of which the figures would now say something else is new to them; hours are counted again by alerts."""
    op.execute(
        "INSERT INTO insight_changes (session_id)"
        " SELECT t.session_id FROM turns t JOIN events e ON e.turn_id = t.id WHERE e.kind = 'dwell'"
        " UNION"
        " SELECT t.session_id FROM turns t JOIN ratings r ON r.turn_id = t.id WHERE r.kind = 'thumb'"
        " GROUP BY t.session_id, t.id HAVING count(*) > 1"
        " EXCEPT SELECT session_id FROM insight_changes"
    )
    op.execute("DELETE FROM insight_watched")


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
