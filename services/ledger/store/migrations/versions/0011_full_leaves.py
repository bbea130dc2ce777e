"""Leaves of the transfers' key are filled whole: rows only follow one another, and none ever changes."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER INDEX transfers_pkey SET (fillfactor = 100)")


def downgrade() -> None:
    op.execute("ALTER INDEX transfers_pkey RESET (fillfactor)")
