"""The toy service's one table."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE counters (name text PRIMARY KEY, value bigint NOT NULL, paid text NOT NULL)")


def downgrade() -> None:
    op.execute("DROP TABLE counters")
