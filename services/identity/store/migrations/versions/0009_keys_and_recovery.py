"""Keys that are removed after a delay, names of keys and devices, guardians, codes, and recoveries."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# The release before writes the end of a passkey to its own row alone; the next release drops the column.
KEYS = """
ALTER TABLE member_keys ADD COLUMN name TEXT NOT NULL DEFAULT '', ADD COLUMN removed_at TIMESTAMPTZ;
ALTER TABLE device_keys ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN locked_by UUID;
UPDATE member_keys SET removed_at = passkeys.removed_at FROM passkeys
WHERE member_keys.kind = 'passkey' AND member_keys.identifier = passkeys.credential_id;
"""
FOLLOW = """
CREATE FUNCTION remove_key_of_passkey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE member_keys SET removed_at = NEW.removed_at
    WHERE kind = 'passkey' AND identifier = NEW.credential_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER passkeys_removed AFTER UPDATE OF removed_at ON passkeys
FOR EACH ROW EXECUTE FUNCTION remove_key_of_passkey()
"""
TABLES = """
ALTER TABLE notices ALTER COLUMN union_id DROP NOT NULL;
DROP INDEX notices_unread_once;
CREATE UNIQUE INDEX notices_unread_once ON notices (member_id, union_id, kind, subject_id) NULLS NOT DISTINCT
    WHERE read_at IS NULL;
CREATE TABLE guardian_sets (
    member_id UUID NOT NULL,
    version INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    holds_from TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (member_id, version),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE TABLE guardians (
    member_id UUID NOT NULL,
    version INTEGER NOT NULL,
    guardian_id UUID NOT NULL,
    resigned_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (member_id, version, guardian_id),
    FOREIGN KEY (member_id, version) REFERENCES guardian_sets (member_id, version),
    FOREIGN KEY (guardian_id) REFERENCES members (id)
);
CREATE INDEX guardians_of_guardian ON guardians (guardian_id, member_id);
CREATE TABLE recovery_codes (
    code_hash BYTEA PRIMARY KEY,
    member_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX recovery_codes_of_member ON recovery_codes (member_id);
CREATE TABLE recoveries (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL,
    way TEXT NOT NULL,
    state TEXT NOT NULL,
    round SMALLINT NOT NULL,
    threshold INTEGER NOT NULL,
    guardians_count INTEGER NOT NULL,
    guardians_version INTEGER NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    waits_until TIMESTAMP WITH TIME ZONE,
    greeting TEXT NOT NULL,
    key_kind TEXT NOT NULL,
    key_identifier TEXT NOT NULL,
    device_key_id TEXT NOT NULL,
    message TEXT NOT NULL,
    signature TEXT NOT NULL,
    passkey JSONB,
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX recoveries_of_member ON recoveries (member_id, id);
CREATE UNIQUE INDEX recoveries_one_of_key ON recoveries (key_kind, key_identifier)
    WHERE state IN ('asked', 'waiting', 'cancelled');
CREATE TABLE recovery_votes (
    recovery_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    guardian_id UUID NOT NULL,
    approves BOOLEAN NOT NULL,
    voted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (recovery_id, round, guardian_id),
    FOREIGN KEY (recovery_id) REFERENCES recoveries (id),
    FOREIGN KEY (guardian_id) REFERENCES members (id)
)
"""


def upgrade() -> None:
    for statement in (KEYS + TABLES).split(";"):
        op.execute(statement)
    function, _, trigger = FOLLOW.partition("$$;\n")
    op.execute(f"{function}$$")
    op.execute(trigger)


def downgrade() -> None:
    raise RuntimeError("keys that were removed would sign in again: restore a backup instead")
