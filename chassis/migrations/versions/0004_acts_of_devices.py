"""What a device signed is listed by time, however much it signed.

Acts wait for the index to be made: a few seconds for each million that is stored.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX signed_acts_of_device ON signed_acts (device_key_id, created)")


def downgrade() -> None:
    op.execute("DROP INDEX signed_acts_of_device")
