"""Events are found by their product, so that what went together with one is told at once."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_events_product_id", "events", ["product_id"])


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
