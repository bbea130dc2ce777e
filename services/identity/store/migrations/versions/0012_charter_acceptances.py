"""Material amendments: what members are asked, who accepted, and how many accepted which version."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE charters ADD COLUMN material BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN grace_ends_at TIMESTAMPTZ, ADD COLUMN by_silence TEXT;
CREATE INDEX charters_asking ON charters (union_id, version) WHERE material;
ALTER TABLE memberships ADD COLUMN silent_since TIMESTAMPTZ;
CREATE TABLE charter_acceptances (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    membership_version INTEGER NOT NULL,
    charter_version INTEGER NOT NULL,
    charter_hash TEXT NOT NULL,
    way TEXT NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id, membership_version),
    FOREIGN KEY (union_id, member_id) REFERENCES memberships (union_id, member_id),
    FOREIGN KEY (union_id, charter_version) REFERENCES charters (union_id, version)
);
CREATE TABLE acceptance_counts (
    union_id UUID NOT NULL,
    charter_version INTEGER NOT NULL,
    shard SMALLINT NOT NULL,
    active_members BIGINT NOT NULL,
    PRIMARY KEY (union_id, charter_version, shard),
    FOREIGN KEY (union_id) REFERENCES unions (id)
);
LOCK TABLE memberships IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO acceptance_counts (union_id, charter_version, shard, active_members)
SELECT union_id, charter_version, get_byte(uuid_send(member_id), 15) & 15, count(*) FROM memberships
WHERE state = 'active' GROUP BY 1, 2, 3
"""
# Whoever writes a membership, of this release or the one before, is counted: the version left before the one
# entered, so that two members of one shard never wait for each other.
COUNTING = """
CREATE FUNCTION count_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    member_shard CONSTANT SMALLINT := get_byte(uuid_send(NEW.member_id), 15) & 15;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'active' THEN
        UPDATE acceptance_counts SET active_members = active_members - 1
        WHERE union_id = OLD.union_id AND charter_version = OLD.charter_version AND shard = member_shard;
    END IF;
    IF NEW.state = 'active' THEN
        INSERT INTO acceptance_counts AS present (union_id, charter_version, shard, active_members)
        VALUES (NEW.union_id, NEW.charter_version, member_shard, 1)
        ON CONFLICT (union_id, charter_version, shard)
            DO UPDATE SET active_members = present.active_members + 1;
    END IF;
    RETURN NULL;
END
$$
"""
TRIGGERS = """
CREATE TRIGGER memberships_joined AFTER INSERT ON memberships
FOR EACH ROW EXECUTE FUNCTION count_acceptance();
CREATE TRIGGER memberships_moved AFTER UPDATE ON memberships FOR EACH ROW
WHEN ((OLD.state, OLD.charter_version) IS DISTINCT FROM (NEW.state, NEW.charter_version))
EXECUTE FUNCTION count_acceptance()
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
    op.execute(COUNTING)
    for statement in TRIGGERS.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("who accepted which charter would be forgotten: restore a backup instead")
