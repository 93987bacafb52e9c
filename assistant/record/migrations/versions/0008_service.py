"""Where a service conversation stands after a turn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("replies", sa.Column("service", _JSON, nullable=True))


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
