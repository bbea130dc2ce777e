"""Businesses: that they are there, what members hold in them, payments from their accounts."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE businesses (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (union_id, business_id)
);
CREATE TABLE business_grants (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    business_id UUID NOT NULL,
    version BIGINT NOT NULL,
    grants JSONB NOT NULL,
    PRIMARY KEY (union_id, member_id, business_id)
);
CREATE INDEX business_grants_of_business ON business_grants (union_id, business_id, member_id);
CREATE TABLE business_payments (
    union_id UUID NOT NULL,
    payer_id UUID NOT NULL,
    id UUID NOT NULL,
    business_id UUID NOT NULL,
    credit_account UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    holding_id UUID NOT NULL,
    holding_ids UUID[] NOT NULL,
    limits BIGINT[] NOT NULL,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    paid_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (union_id, payer_id, id)
);
CREATE INDEX business_payments_by_time ON business_payments (union_id, business_id, paid_at, id);
CREATE TABLE business_spending (
    union_id UUID NOT NULL,
    holding_id UUID NOT NULL,
    spent_minor BIGINT NOT NULL,
    PRIMARY KEY (union_id, holding_id)
);
ALTER TABLE businesses ALTER COLUMN union_id SET STATISTICS 0;
ALTER TABLE business_grants ALTER COLUMN union_id SET STATISTICS 0;
ALTER TABLE business_payments ALTER COLUMN union_id SET STATISTICS 0;
ALTER TABLE business_spending ALTER COLUMN union_id SET STATISTICS 0;
ALTER TABLE account_balances ADD COLUMN shut_at TIMESTAMPTZ
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE account_balances DROP COLUMN shut_at")
    for table in ("business_spending", "business_payments", "business_grants", "businesses"):
        op.execute(f"DROP TABLE {table}")
