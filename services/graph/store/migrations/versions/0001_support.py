"""The graph's tables: changes, what holds now, imports and proposals, epochs of standing."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE backlink_imports (
    union_id UUID NOT NULL,
    import_id UUID NOT NULL,
    founder_id UUID NOT NULL,
    rows_count INTEGER NOT NULL,
    proposed_count INTEGER NOT NULL,
    refused_counts JSONB NOT NULL,
    examples JSONB NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, import_id)
);
CREATE TABLE backlink_proposals (
    union_id UUID NOT NULL,
    supporter_id UUID NOT NULL,
    leader_id UUID NOT NULL,
    import_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, supporter_id, leader_id)
);
CREATE INDEX backlink_proposals_by_expiry ON backlink_proposals (union_id, expires_at);
CREATE TABLE backlinks (
    union_id UUID NOT NULL,
    supporter_id UUID NOT NULL,
    leader_id UUID NOT NULL,
    topic TEXT NOT NULL,
    version BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, supporter_id, leader_id, topic)
);
CREATE INDEX backlinks_by_leader ON backlinks (union_id, leader_id, supporter_id);
CREATE TABLE graph_changes (
    union_id UUID NOT NULL,
    version BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind SMALLINT NOT NULL,
    subject_id UUID NOT NULL,
    object_id UUID,
    topic TEXT NOT NULL,
    holds BOOLEAN NOT NULL,
    is_root BOOLEAN NOT NULL,
    PRIMARY KEY (union_id, version)
);
CREATE INDEX graph_changes_absences ON graph_changes (union_id, subject_id, version)
    WHERE kind = 1 AND NOT holds;
CREATE INDEX graph_changes_by_object ON graph_changes (union_id, kind, object_id, version);
CREATE INDEX graph_changes_by_subject ON graph_changes (union_id, kind, subject_id, version);
CREATE TABLE graph_heads (
    union_id UUID NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (union_id)
);
CREATE TABLE graph_members (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    membership_version BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    is_root BOOLEAN NOT NULL,
    PRIMARY KEY (union_id, member_id)
);
CREATE TABLE memberships (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    role TEXT NOT NULL,
    charter_version INTEGER NOT NULL,
    by_founder_invitation BOOLEAN NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id)
);
CREATE TABLE standing_chunks (
    union_id UUID NOT NULL,
    epoch INTEGER NOT NULL,
    chunk INTEGER NOT NULL,
    member_ids UUID[] NOT NULL,
    standings DOUBLE PRECISION[] NOT NULL,
    PRIMARY KEY (union_id, epoch, chunk)
);
CREATE TABLE standing_epochs (
    union_id UUID NOT NULL,
    epoch INTEGER NOT NULL,
    version BIGINT NOT NULL,
    computed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    damping_basis_points INTEGER NOT NULL,
    roots_count INTEGER NOT NULL,
    dangling DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (union_id, epoch)
);
CREATE TABLE unions (
    union_id UUID NOT NULL,
    version BIGINT NOT NULL,
    slug TEXT NOT NULL,
    state TEXT NOT NULL,
    founder_id UUID NOT NULL,
    token_symbol TEXT NOT NULL,
    token_scale INTEGER NOT NULL,
    charter_version INTEGER NOT NULL,
    charter_hash TEXT NOT NULL,
    parameters JSONB NOT NULL,
    founded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id)
);
CREATE INDEX unions_by_slug ON unions (slug);
CREATE TABLE voices (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    topic TEXT NOT NULL,
    leader_id UUID NOT NULL,
    version BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id, topic)
);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the first tables are not taken back: restore a backup instead")
