"""Rights by offices, payments from the treasury, and what was spent by each holding of an office."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE office_grants (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    grants JSONB NOT NULL,
    PRIMARY KEY (union_id, member_id)
);
CREATE TABLE treasury_payments (
    union_id UUID NOT NULL,
    officer_id UUID NOT NULL,
    id UUID NOT NULL,
    credit_account UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    holding_ids UUID[] NOT NULL,
    limits BIGINT[] NOT NULL,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    paid_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (union_id, officer_id, id)
);
CREATE INDEX treasury_payments_by_time ON treasury_payments (union_id, paid_at, id);
CREATE TABLE office_spending (
    union_id UUID NOT NULL,
    holding_id UUID NOT NULL,
    spent_minor BIGINT NOT NULL,
    PRIMARY KEY (union_id, holding_id)
);
ALTER TABLE office_grants ALTER COLUMN union_id SET STATISTICS 0;
ALTER TABLE treasury_payments ALTER COLUMN union_id SET STATISTICS 0;
ALTER TABLE office_spending ALTER COLUMN union_id SET STATISTICS 0
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for table in ("office_spending", "treasury_payments", "office_grants"):
        op.execute(f"DROP TABLE {table}")
