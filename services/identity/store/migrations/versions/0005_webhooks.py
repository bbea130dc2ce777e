"""Webhooks and what is on its way to them."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhooks (
    union_id UUID NOT NULL REFERENCES unions (id),
    id UUID NOT NULL,
    url TEXT NOT NULL,
    types TEXT[] NOT NULL,
    note TEXT NOT NULL,
    secret BYTEA NOT NULL,
    previous_secret BYTEA,
    previous_until TIMESTAMP WITH TIME ZONE,
    state TEXT NOT NULL,
    reason TEXT,
    active_since TIMESTAMP WITH TIME ZONE NOT NULL,
    failures_count INTEGER NOT NULL,
    failing_since TIMESTAMP WITH TIME ZONE,
    paused_until TIMESTAMP WITH TIME ZONE,
    leased_until TIMESTAMP WITH TIME ZONE,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id),
    CONSTRAINT webhooks_once UNIQUE (id)
);
CREATE TABLE webhook_deliveries (
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
    webhook_id UUID NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id UUID NOT NULL,
    event_type TEXT NOT NULL,
    body BYTEA NOT NULL,
    state TEXT NOT NULL,
    attempts_count INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE,
    last_at TIMESTAMP WITH TIME ZONE,
    last_status INTEGER,
    last_error TEXT,
    last_took_ms INTEGER,
    PRIMARY KEY (id),
    CONSTRAINT webhook_deliveries_once UNIQUE (webhook_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at, number)
    WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook_id, number);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (created_at)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the secrets of webhooks would be lost: restore a backup instead")
