"""Members and their keys, sessions, unions, charters, invitations and memberships."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE address_windows (
    address TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requests_count INTEGER NOT NULL,
    PRIMARY KEY (address, started_at)
);
CREATE INDEX address_windows_by_start ON address_windows (started_at);
CREATE TABLE members (
    id UUID NOT NULL,
    handle TEXT NOT NULL,
    name TEXT NOT NULL,
    bio TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (handle)
);
CREATE TABLE nonces (
    nonce TEXT NOT NULL,
    browser_hash BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (nonce)
);
CREATE INDEX nonces_by_expiry ON nonces (expires_at);
CREATE TABLE device_keys (
    id TEXT NOT NULL,
    member_id UUID NOT NULL,
    kind TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    certified_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX device_keys_of_member ON device_keys (member_id);
CREATE TABLE handles (
    handle TEXT NOT NULL,
    member_id UUID NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (handle),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE TABLE member_keys (
    kind TEXT NOT NULL,
    identifier TEXT NOT NULL,
    member_id UUID NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (kind, identifier),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX member_keys_of_member ON member_keys (member_id);
CREATE TABLE unions (
    id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    state TEXT NOT NULL,
    founder_id UUID NOT NULL,
    version INTEGER NOT NULL,
    charter_version INTEGER NOT NULL,
    charter_hash TEXT NOT NULL,
    founded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (slug),
    FOREIGN KEY (founder_id) REFERENCES members (id)
);
CREATE INDEX unions_by_name ON unions (name_folded, id);
CREATE INDEX unions_of_founder ON unions (founder_id);
CREATE TABLE charters (
    union_id UUID NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    document JSONB NOT NULL,
    author_id UUID NOT NULL,
    allowed_by TEXT NOT NULL,
    adopted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, version),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (author_id) REFERENCES members (id)
);
CREATE TABLE device_certificates (
    device_key_id TEXT NOT NULL,
    session_id UUID NOT NULL,
    issuer_kind TEXT NOT NULL,
    issuer TEXT NOT NULL,
    message TEXT NOT NULL,
    signature TEXT NOT NULL,
    certified_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (device_key_id, session_id),
    FOREIGN KEY (device_key_id) REFERENCES device_keys (id)
);
CREATE TABLE invitations (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    invited_by UUID NOT NULL,
    by_founder BOOLEAN NOT NULL,
    uses_max INTEGER NOT NULL,
    uses_count INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id),
    CONSTRAINT invitations_code UNIQUE (union_id, code_hash),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (invited_by) REFERENCES members (id)
);
CREATE INDEX invitations_of_member ON invitations (union_id, invited_by, expires_at);
CREATE TABLE member_counts (
    union_id UUID NOT NULL,
    shard SMALLINT NOT NULL,
    active_members BIGINT NOT NULL,
    PRIMARY KEY (union_id, shard),
    FOREIGN KEY (union_id) REFERENCES unions (id)
);
CREATE TABLE sessions (
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    device_key_id TEXT NOT NULL,
    refresh_salt BYTEA NOT NULL,
    newest_generation INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_because TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (device_key_id) REFERENCES device_keys (id)
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_of_member ON sessions (member_id);
CREATE TABLE memberships (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    role TEXT NOT NULL,
    charter_version INTEGER NOT NULL,
    by_founder_invitation BOOLEAN NOT NULL,
    invitation_id UUID,
    first_joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id),
    FOREIGN KEY (union_id, invitation_id) REFERENCES invitations (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX memberships_by_joining ON memberships (union_id, joined_at, member_id) WHERE state = 'active';
CREATE INDEX memberships_of_member ON memberships (member_id, union_id);
CREATE TABLE refresh_tokens (
    token_hash BYTEA NOT NULL,
    session_id UUID NOT NULL,
    generation INTEGER NOT NULL,
    rotated_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (token_hash),
    FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
"""

# Sets itself again whenever it has run; the chassis' tables are there before the service's.
FIRST_TIMER = """
INSERT INTO timers (kind, key, due, payload, next_attempt_at)
VALUES ('forget_expired', '', '2026-01-01T00:00:00Z', '{}', '2026-01-01T00:00:00Z')
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    op.execute(FIRST_TIMER)


def downgrade() -> None:
    raise RuntimeError("the first tables of identity are not taken back: restore a backup instead")
