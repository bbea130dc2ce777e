"""The bridge: its contracts, deposits, withdrawals, and what its operator sends."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE bridges (
    union_id UUID NOT NULL,
    chain_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    vault TEXT,
    token TEXT,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    indexed_number BIGINT NOT NULL,
    PRIMARY KEY (union_id)
);
CREATE TABLE chain_blocks (
    chain_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain_id, number)
);
CREATE TABLE deposits (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    transaction_hash TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    block_number BIGINT NOT NULL,
    block_hash TEXT,
    depositor TEXT NOT NULL,
    account_word BYTEA NOT NULL,
    chain_amount TEXT NOT NULL,
    amount_minor BIGINT,
    state TEXT NOT NULL,
    unclaimed TEXT,
    transfer_id UUID,
    member_id UUID,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    credited_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, id),
    UNIQUE (union_id, transaction_hash, ordinal)
);
CREATE INDEX deposits_of_member ON deposits (union_id, member_id, id);
CREATE TABLE withdrawals (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    account_id UUID NOT NULL,
    recipient TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    state TEXT NOT NULL,
    transaction_hash TEXT,
    version BIGINT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id)
);
CREATE INDEX withdrawals_of_member ON withdrawals (union_id, member_id, id);
CREATE TABLE chain_operators (
    chain_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    next_nonce BIGINT NOT NULL,
    PRIMARY KEY (chain_id, address)
);
CREATE TABLE chain_transactions (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    chain_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    nonce BIGINT,
    attempts_count INTEGER NOT NULL,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id)
);
CREATE UNIQUE INDEX chain_transactions_of_nonce ON chain_transactions (chain_id, nonce)
    WHERE nonce IS NOT NULL;
CREATE INDEX chain_transactions_waiting ON chain_transactions (chain_id, created_at) WHERE state = 'waiting';
CREATE TABLE chain_attempts (
    union_id UUID NOT NULL,
    transaction_id UUID NOT NULL,
    number INTEGER NOT NULL,
    nonce BIGINT NOT NULL,
    hash TEXT NOT NULL,
    signed BYTEA NOT NULL,
    max_fee_wei TEXT NOT NULL,
    priority_fee_wei TEXT NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, transaction_id, number)
);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the bridge's tables are not taken back: restore a backup instead")
