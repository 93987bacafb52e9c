"""A reply holds its comparison as a table, the question it asked, and how varied its shelf was to be."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("replies", sa.Column("comparison", _JSON, nullable=True))
    op.add_column("replies", sa.Column("question", _JSON, nullable=True))
    op.add_column("replies", sa.Column("variety", sa.Double(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
