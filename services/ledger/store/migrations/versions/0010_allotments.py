"""Allotments: amounts gathered from several accounts or split among several."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE allotments (
            union_id UUID NOT NULL,
            principal_id UUID NOT NULL,
            id UUID NOT NULL,
            terms TEXT NOT NULL,
            result TEXT NOT NULL,
            parts_count INTEGER NOT NULL,
            allotted_at TIMESTAMPTZ NOT NULL,
            device_key_id TEXT,
            nonce TEXT,
            PRIMARY KEY (union_id, principal_id, id)
        )
        """
    )
    op.execute("ALTER TABLE allotments ALTER COLUMN union_id SET STATISTICS 0")


def downgrade() -> None:
    op.execute("DROP TABLE allotments")
