"""Passkeys beside wallets: each a key of its member, with its counter."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE passkeys (
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    credential_id TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    user_handle BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    backed_up BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    CONSTRAINT passkeys_once UNIQUE (credential_id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX passkeys_of_member ON passkeys (member_id, id)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("members who have a passkey alone would be locked out: restore a backup instead")
