"""Large events are stored as they are: compressing them was a sixth of what an array cost PostgreSQL.

They stay for days, not for ever. New partitions take it from their table.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ALTER COLUMN data SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.execute("ALTER TABLE outbox ALTER COLUMN data SET STORAGE EXTENDED")
