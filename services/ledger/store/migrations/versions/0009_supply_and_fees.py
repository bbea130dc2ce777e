"""Supply after the genesis, reasons of what the ledger moves, accounts that are frozen or closed."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHANGES = """
ALTER TABLE account_balances
    ADD COLUMN frozen_until TIMESTAMPTZ, ADD COLUMN closed_sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE joining_grants ADD COLUMN number BIGINT;
CREATE TABLE account_freezes (
    union_id UUID NOT NULL,
    account_number BIGINT NOT NULL,
    number INTEGER NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ,
    reason TEXT,
    officer_id UUID NOT NULL,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    PRIMARY KEY (union_id, account_number, number)
);
CREATE TABLE decision_effects (
    union_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    effect TEXT NOT NULL,
    asset TEXT,
    amount_minor BIGINT NOT NULL,
    passed_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    refusal TEXT,
    settled_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (union_id, decision_id)
);
CREATE TABLE supply_limits (
    union_id UUID NOT NULL PRIMARY KEY,
    limit_minor BIGINT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL
);
INSERT INTO supply_limits (union_id, limit_minor, set_at)
    SELECT union_id, supply_minor, requested_at FROM bridges JOIN assets USING (union_id);
CREATE TABLE transfer_reasons (
    union_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    charter_version INTEGER NOT NULL,
    figures TEXT NOT NULL,
    decision_id UUID,
    PRIMARY KEY (union_id, sequence)
)
"""


def upgrade() -> None:
    for statement in _CHANGES.split(";"):
        op.execute(statement)
    for table in ("account_freezes", "decision_effects", "transfer_reasons"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN union_id SET STATISTICS 0")


def downgrade() -> None:
    op.execute("DROP TABLE transfer_reasons, supply_limits, decision_effects, account_freezes")
    op.execute("ALTER TABLE joining_grants DROP COLUMN number")
    op.execute("ALTER TABLE account_balances DROP COLUMN frozen_until, DROP COLUMN closed_sequence")
