"""Assets, accounts, transfers, the journal, joining grants, device keys and runs."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE account_balances (
    union_id UUID NOT NULL,
    number BIGINT NOT NULL,
    balance_minor BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    may_be_negative BOOLEAN NOT NULL,
    PRIMARY KEY (union_id, number),
    CONSTRAINT not_below_zero CHECK (balance_minor >= 0 OR may_be_negative)
)
 WITH (fillfactor = 70);
CREATE TABLE accounts (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    kind TEXT NOT NULL,
    asset TEXT NOT NULL,
    owner_id UUID,
    opened_by UUID,
    resource TEXT,
    payees UUID[] NOT NULL,
    exit_to UUID,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id),
    UNIQUE (union_id, number)
);
CREATE UNIQUE INDEX accounts_of_resource ON accounts (union_id, resource) WHERE resource IS NOT NULL;
CREATE TABLE assets (
    union_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    scale SMALLINT NOT NULL,
    supply_minor BIGINT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, symbol)
);
CREATE TABLE contributions (
    union_id UUID NOT NULL,
    escrow_number BIGINT NOT NULL,
    contributor_number BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (union_id, escrow_number, contributor_number),
    CONSTRAINT contribution_not_below_zero CHECK (amount_minor >= 0)
);
CREATE TABLE device_keys (
    id TEXT NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id UUID NOT NULL,
    public_key BYTEA NOT NULL,
    wallet_address TEXT NOT NULL,
    certificate_message TEXT NOT NULL,
    certificate_signature TEXT NOT NULL,
    pinned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id, valid_until)
);
CREATE TABLE grant_budgets (
    union_id UUID NOT NULL,
    day DATE NOT NULL,
    taken_count INTEGER NOT NULL,
    PRIMARY KEY (union_id, day)
);
CREATE TABLE joining_grants (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    state TEXT NOT NULL,
    day DATE,
    by_founder_invitation BOOLEAN NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    amount_minor BIGINT,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id)
);
CREATE TABLE journal_entries (
    union_id UUID NOT NULL,
    number BIGINT NOT NULL,
    format SMALLINT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    count INTEGER NOT NULL,
    last_sequence BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (union_id, number)
);
CREATE TABLE journal_heads (
    union_id UUID NOT NULL,
    number BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    time TIMESTAMP WITH TIME ZONE,
    hash BYTEA NOT NULL,
    PRIMARY KEY (union_id)
)
 WITH (fillfactor = 50);
CREATE TABLE memberships (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    role TEXT NOT NULL,
    charter_version INTEGER NOT NULL,
    by_founder_invitation BOOLEAN NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id)
);
CREATE TABLE refused_transfers (
    union_id UUID NOT NULL,
    principal_id UUID NOT NULL,
    id UUID NOT NULL,
    result TEXT NOT NULL,
    refused_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, principal_id, id)
);
CREATE TABLE run_lines (
    union_id UUID NOT NULL,
    run_id UUID NOT NULL,
    index INTEGER NOT NULL,
    debit_account TEXT NOT NULL,
    credit_account TEXT NOT NULL,
    asset TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (union_id, run_id, index)
);
CREATE TABLE run_refusals (
    union_id UUID NOT NULL,
    run_id UUID NOT NULL,
    index INTEGER NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (union_id, run_id, index)
);
CREATE TABLE runs (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    principal TEXT NOT NULL,
    lines_count INTEGER NOT NULL,
    lines_sha256 TEXT NOT NULL,
    refused_line_rule TEXT NOT NULL,
    state TEXT NOT NULL,
    next_chunk INTEGER NOT NULL,
    posted_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    version BIGINT NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id)
);
CREATE TABLE transfer_acts (
    union_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    PRIMARY KEY (union_id, sequence)
);
CREATE TABLE transfer_memos (
    union_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    memo TEXT NOT NULL,
    PRIMARY KEY (union_id, sequence)
);
CREATE TABLE transfers (
    union_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    entry_number BIGINT NOT NULL,
    id UUID NOT NULL,
    principal_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    credit_number BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    debit_previous BIGINT NOT NULL,
    credit_previous BIGINT NOT NULL,
    code SMALLINT NOT NULL,
    PRIMARY KEY (union_id, sequence),
    UNIQUE (union_id, principal_id, id),
    CONSTRAINT amount_positive CHECK (amount_minor > 0)
);
CREATE TABLE unions (
    union_id UUID NOT NULL,
    version BIGINT NOT NULL,
    slug TEXT NOT NULL,
    state TEXT NOT NULL,
    founder_id UUID NOT NULL,
    token_symbol TEXT NOT NULL,
    token_scale INTEGER NOT NULL,
    charter_version INTEGER NOT NULL,
    charter_hash TEXT NOT NULL,
    parameters JSONB NOT NULL,
    founded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id)
);
CREATE INDEX unions_by_slug ON unions (slug);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the ledger's first tables are not taken back: restore a backup instead")
