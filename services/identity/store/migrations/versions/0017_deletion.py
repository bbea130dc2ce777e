"""Deletions of accounts: asked for, carried out, and handles that nobody takes for a time.

Acts wait for the index on the act log to be made: a few seconds for each million that is stored.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE members ADD COLUMN erasing_since TIMESTAMP WITH TIME ZONE;
CREATE TABLE account_deletions (
    member_id UUID NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (member_id, number),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE UNIQUE INDEX account_deletions_one_open ON account_deletions (member_id)
    WHERE state IN ('waiting', 'leaving', 'erasing');
CREATE TABLE erased_looks (
    look_hash BYTEA NOT NULL,
    kept_until TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (look_hash)
);
CREATE INDEX erased_looks_by_time ON erased_looks (kept_until);
CREATE INDEX act_log_of_keys ON act_log ((coalesce(on_behalf_of, actor)))
    WHERE subject LIKE 'wallets/%'
       OR changed ?| ARRAY['wallet', 'contract_wallet', 'passkey', 'encryption_key', 'guardians']
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("who is being erased would be a member again: restore a backup instead")
