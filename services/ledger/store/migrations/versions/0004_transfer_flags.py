"""Flags of transfers: how each was asked for."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE transfers ADD COLUMN flags SMALLINT NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE transfers DROP COLUMN flags")
