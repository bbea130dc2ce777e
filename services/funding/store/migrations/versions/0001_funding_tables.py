"""Funding's tables, and its projection of unions and memberships."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
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
CREATE TABLE projects (
    union_id UUID NOT NULL,
    project_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    owner_id UUID NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    asset TEXT NOT NULL,
    asset_scale SMALLINT NOT NULL,
    target_minor BIGINT NOT NULL,
    deadline_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    pledged_minor BIGINT NOT NULL,
    held_count INTEGER NOT NULL,
    unanswered_count INTEGER NOT NULL,
    settled_minor BIGINT,
    settled_at TIMESTAMP WITH TIME ZONE,
    refusal TEXT,
    run_id UUID,
    PRIMARY KEY (union_id, project_id),
    CONSTRAINT projects_target_positive CHECK (target_minor > 0),
    CONSTRAINT projects_sums CHECK (pledged_minor >= 0 AND held_count >= 0 AND unanswered_count >= 0)
);
CREATE INDEX projects_by_owner ON projects (union_id, owner_id, project_id);
CREATE UNIQUE INDEX projects_by_run ON projects (union_id, run_id) WHERE run_id IS NOT NULL;
CREATE INDEX projects_by_settlement ON projects (union_id, settled_at, state, settled_minor);
CREATE INDEX projects_by_state ON projects (union_id, state, project_id);
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
CREATE TABLE pledges (
    union_id UUID NOT NULL,
    pledge_id UUID NOT NULL,
    project_id UUID NOT NULL,
    backer_id UUID NOT NULL,
    state TEXT NOT NULL,
    asset TEXT NOT NULL,
    asset_scale SMALLINT NOT NULL,
    pledged_minor BIGINT NOT NULL,
    pledged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    refusal TEXT,
    PRIMARY KEY (union_id, pledge_id),
    FOREIGN KEY(union_id, project_id) REFERENCES projects (union_id, project_id),
    CONSTRAINT pledges_positive CHECK (pledged_minor > 0)
);
CREATE INDEX pledges_by_backer ON pledges (union_id, backer_id, pledge_id);
CREATE INDEX pledges_by_project ON pledges (union_id, project_id, pledge_id);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the first tables are not taken back: restore a backup instead")
