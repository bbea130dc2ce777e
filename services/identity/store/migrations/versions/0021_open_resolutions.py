"""An index of the resolutions of a business that have not passed: those that are open are counted at each."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX business_resolutions_open ON business_resolutions (union_id, business_id, expires_at) "
        "WHERE passed_at IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX business_resolutions_open")
