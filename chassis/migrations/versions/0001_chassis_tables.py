"""The chassis' tables: outbox, inbox, idempotency keys, intents, timers, act log, signed acts."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE act_log (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    on_behalf_of TEXT,
    union_id UUID,
    charter_version INTEGER,
    act_right TEXT NOT NULL,
    subject TEXT NOT NULL,
    changed JSONB NOT NULL,
    request_id TEXT,
    traceparent TEXT,
    PRIMARY KEY (sequence)
);
CREATE TABLE idempotency_keys (
    created_on DATE NOT NULL,
    scope BYTEA NOT NULL,
    request_digest BYTEA NOT NULL,
    status SMALLINT NOT NULL,
    headers JSONB NOT NULL,
    body BYTEA NOT NULL,
    resource TEXT,
    intent_ids JSONB,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (scope, created_on)
)
 PARTITION BY RANGE (created_on);
CREATE TABLE idempotency_keys_default PARTITION OF idempotency_keys DEFAULT;
CREATE TABLE inbox (
    event_on DATE NOT NULL,
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    state SMALLINT DEFAULT 0 NOT NULL,
    traceparent TEXT,
    causation_id TEXT,
    correlation_id TEXT,
    consumed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (event_id, event_on)
)
 PARTITION BY RANGE (event_on);
CREATE TABLE inbox_default PARTITION OF inbox DEFAULT;
CREATE TABLE intents (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload JSONB NOT NULL,
    resource TEXT NOT NULL,
    state TEXT NOT NULL,
    answer JSONB,
    attempts_count INTEGER DEFAULT 0 NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_error TEXT,
    traceparent TEXT,
    correlation_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (kind, key)
);
CREATE INDEX intents_waiting ON intents (next_attempt_at) WHERE state = 'waiting';
CREATE TABLE outbox (
    written_on DATE NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY (CACHE 1),
    event_id UUID NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    time TIMESTAMP WITH TIME ZONE NOT NULL,
    data BYTEA NOT NULL,
    traceparent TEXT,
    causation_id TEXT,
    correlation_id TEXT,
    relayed BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (position, written_on)
)
 PARTITION BY RANGE (written_on);
CREATE INDEX outbox_unmarked ON outbox (position) WHERE NOT relayed;
CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
CREATE TABLE parked_events (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    group_name TEXT NOT NULL,
    source TEXT NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    event_id UUID NOT NULL,
    envelope JSONB NOT NULL,
    error TEXT NOT NULL,
    tries_count INTEGER NOT NULL,
    parked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (sequence),
    UNIQUE (group_name, event_id)
);
CREATE INDEX parked_events_by_key ON parked_events (group_name, key, source, sequence);
CREATE TABLE signed_acts (
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    member_id UUID NOT NULL,
    created TIMESTAMP WITH TIME ZONE NOT NULL,
    method TEXT NOT NULL,
    target_uri TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    idempotency_key TEXT,
    signature_input TEXT NOT NULL,
    signature TEXT NOT NULL,
    body BYTEA NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (device_key_id, nonce)
);
CREATE TABLE timers (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    due TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    recurrence JSONB,
    attempts_count INTEGER DEFAULT 0 NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_error TEXT,
    PRIMARY KEY (kind, key)
);
CREATE INDEX timers_due ON timers (next_attempt_at, due);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the chassis' first tables are not taken back: restore a backup instead")
