"""Tickets that open a live stream once."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE stream_tickets (
    ticket_hash BYTEA NOT NULL,
    session_id UUID NOT NULL,
    member_id UUID NOT NULL,
    device_key_id TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (ticket_hash)
);
CREATE INDEX stream_tickets_by_expiry ON stream_tickets (expires_at)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("clients that hold a ticket would be refused: restore a backup instead")
