"""Where and when members are told of their notices."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE notices ADD COLUMN number BIGINT GENERATED ALWAYS AS IDENTITY;
CREATE TABLE notice_choices (
    member_id UUID PRIMARY KEY,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    quiet_from TEXT,
    quiet_until TEXT,
    digest_at TEXT,
    CONSTRAINT notice_choices_quiet_whole CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE TABLE notice_addresses (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    token TEXT,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    device_key_id TEXT,
    p256dh TEXT,
    auth TEXT,
    code TEXT,
    code_expires_at TIMESTAMP WITH TIME ZONE,
    code_tries_left INTEGER,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    told_number BIGINT NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    leased_until TIMESTAMP WITH TIME ZONE,
    failures_count INTEGER NOT NULL,
    fault TEXT,
    CONSTRAINT notice_addresses_of_token UNIQUE (token),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (device_key_id) REFERENCES device_keys (id)
);
CREATE UNIQUE INDEX notice_addresses_one_email ON notice_addresses (member_id) WHERE kind = 'email';
CREATE UNIQUE INDEX notice_addresses_one_browser ON notice_addresses (device_key_id) WHERE kind = 'push';
CREATE INDEX notice_addresses_of_member ON notice_addresses (member_id);
CREATE INDEX notice_addresses_due ON notice_addresses (due_at) WHERE due_at IS NOT NULL
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE notice_addresses")
    op.execute("DROP TABLE notice_choices")
    op.execute("ALTER TABLE notices DROP COLUMN number")
