"""Device keys that a passkey certified have no wallet behind them."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE device_keys ALTER COLUMN wallet_address DROP NOT NULL")


def downgrade() -> None:
    raise RuntimeError("what was certified by passkey has no wallet: restore a backup instead")
