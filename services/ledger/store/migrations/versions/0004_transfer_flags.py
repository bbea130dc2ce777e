"""Flags of transfers: how each was asked for. An act names all the transfers that it allowed by one row."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE transfers ADD COLUMN flags SMALLINT NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE transfer_acts ADD COLUMN last_sequence BIGINT")
    op.execute("UPDATE transfer_acts SET last_sequence = sequence")
    op.execute("ALTER TABLE transfer_acts ALTER COLUMN last_sequence SET NOT NULL")


def downgrade() -> None:
    op.execute(
        "INSERT INTO transfer_acts (union_id, sequence, last_sequence, device_key_id, nonce) "
        "SELECT union_id, one, one, device_key_id, nonce "
        "FROM transfer_acts, generate_series(sequence + 1, last_sequence) AS one"
    )
    op.execute("ALTER TABLE transfer_acts DROP COLUMN last_sequence")
    op.execute("ALTER TABLE transfers DROP COLUMN flags")
