"""Schedules: payments that a member fixes ahead."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEW_TABLES = """
CREATE TABLE schedules (
    union_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    id UUID NOT NULL,
    credit_number BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT schedule_amount_positive CHECK (amount_minor > 0),
    first_at TIMESTAMPTZ NOT NULL,
    every TEXT NOT NULL,
    zone TEXT NOT NULL,
    times INTEGER,
    given_at TIMESTAMPTZ NOT NULL,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    PRIMARY KEY (union_id, debit_number, id)
);
CREATE INDEX schedules_of_payer ON schedules (union_id, debit_number, given_at, id);
CREATE TABLE schedule_progress (
    union_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    schedule_id UUID NOT NULL,
    memo TEXT,
    next_number INTEGER NOT NULL,
    posted_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    stopped_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    PRIMARY KEY (union_id, debit_number, schedule_id)
)
"""


def upgrade() -> None:
    for statement in _NEW_TABLES.split(";"):
        op.execute(statement)
    op.execute("ALTER TABLE schedules ALTER COLUMN union_id SET STATISTICS 0")


def downgrade() -> None:
    op.execute("DROP TABLE schedule_progress, schedules")
