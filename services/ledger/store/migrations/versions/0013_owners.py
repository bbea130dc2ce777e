"""Accounts, device keys and acts of one member, whom the ledger erases.

Acts wait for their index to be made: a few seconds for each million that is stored.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX accounts_of_owner ON accounts (owner_id) WHERE owner_id IS NOT NULL")
    op.execute("CREATE INDEX signed_acts_of_member ON signed_acts (member_id)")
    op.execute("CREATE INDEX device_keys_of_member ON device_keys (member_id)")


def downgrade() -> None:
    op.execute("DROP INDEX device_keys_of_member")
    op.execute("DROP INDEX signed_acts_of_member")
    op.execute("DROP INDEX accounts_of_owner")
