"""What a member signed to the market, whom it erases.

Acts wait for the index to be made: a few seconds for each million that is stored.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX signed_acts_of_member ON signed_acts (member_id)")


def downgrade() -> None:
    op.execute("DROP INDEX signed_acts_of_member")
