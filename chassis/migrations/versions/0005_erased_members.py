"""Whom a service has erased: recorded once, for ever."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE erased_members (
            member_id UUID NOT NULL,
            erased_at TIMESTAMP WITH TIME ZONE NOT NULL,
            PRIMARY KEY (member_id)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE erased_members")
