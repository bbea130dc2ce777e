"""The journal's second format: salted leaves under a root, the supply in each entry, memos by commitment."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE journal_keys (union_id UUID PRIMARY KEY, salt_key BYTEA NOT NULL)")
    op.execute("ALTER TABLE journal_entries ADD COLUMN supply TEXT")
    op.execute(
        "ALTER TABLE transfer_memos ALTER COLUMN memo DROP NOT NULL, "
        "ADD COLUMN salt BYTEA, ADD COLUMN commitment BYTEA"
    )


def downgrade() -> None:
    op.execute("DELETE FROM transfer_memos WHERE memo IS NULL")
    op.execute(
        "ALTER TABLE transfer_memos DROP COLUMN commitment, DROP COLUMN salt, ALTER COLUMN memo SET NOT NULL"
    )
    op.execute("ALTER TABLE journal_entries DROP COLUMN supply")
    op.execute("DROP TABLE journal_keys")
