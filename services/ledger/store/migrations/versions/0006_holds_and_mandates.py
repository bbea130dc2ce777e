"""Holds and mandates: what is reserved on an account, and what its owner lets a payee take."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW_TABLES = """
CREATE TABLE transfer_particulars (
    union_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    timeout_seconds INTEGER,
    pending_id UUID,
    mandate_id UUID,
    PRIMARY KEY (union_id, sequence)
);
CREATE TABLE holds (
    union_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    id UUID NOT NULL,
    credit_number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    taken_minor BIGINT NOT NULL,
    closed_sequence BIGINT,
    PRIMARY KEY (union_id, debit_number, id)
);
CREATE INDEX holds_of_payer ON holds (union_id, debit_number, sequence);
CREATE INDEX holds_of_payee ON holds (union_id, credit_number, sequence);
CREATE INDEX pending_holds_of_payer ON holds (union_id, debit_number, expires_at) WHERE state = 'pending';
CREATE INDEX pending_holds_of_payee ON holds (union_id, credit_number, expires_at) WHERE state = 'pending';
CREATE TABLE mandates (
    union_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    id UUID NOT NULL,
    payee_number BIGINT NOT NULL,
    cap_minor BIGINT NOT NULL CONSTRAINT cap_positive CHECK (cap_minor > 0),
    renews_every_days INTEGER,
    given_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    PRIMARY KEY (union_id, debit_number, id)
);
CREATE INDEX mandates_of_payer ON mandates (union_id, debit_number, given_at, id);
CREATE INDEX mandates_of_payee ON mandates (union_id, payee_number, given_at, id);
CREATE TABLE mandate_uses (
    union_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    mandate_id UUID NOT NULL,
    period INTEGER NOT NULL,
    used_minor BIGINT NOT NULL,
    revoked_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (union_id, debit_number, mandate_id)
)
"""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE account_balances "
        "ADD COLUMN reserved_minor BIGINT NOT NULL DEFAULT 0, "
        "ADD COLUMN expected_minor BIGINT NOT NULL DEFAULT 0, "
        "DROP CONSTRAINT not_below_zero, ADD CONSTRAINT not_below_zero CHECK (reserved_minor >= 0 "
        "AND expected_minor >= 0 AND (balance_minor >= reserved_minor OR may_be_negative))"
    )
    for statement in _NEW_TABLES.split(";"):
        op.execute(statement)
    # Two keys begin with union_id and are as high as one another: see revision 0005.
    for table in ("holds", "mandates"):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN union_id SET STATISTICS 0")


def downgrade() -> None:
    op.execute("DROP TABLE mandate_uses, mandates, holds, transfer_particulars")
    op.execute(
        "ALTER TABLE account_balances DROP CONSTRAINT not_below_zero, "
        "DROP COLUMN reserved_minor, DROP COLUMN expected_minor, "
        "ADD CONSTRAINT not_below_zero CHECK (balance_minor >= 0 OR may_be_negative)"
    )
