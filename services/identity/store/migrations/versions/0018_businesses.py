"""Businesses: their owners' shares and every change of them, managers and hires, resolutions, and what
services were told of their rights."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE businesses (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    state TEXT NOT NULL,
    shares_count BIGINT NOT NULL,
    version INTEGER NOT NULL,
    founded_by UUID NOT NULL,
    founded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (founded_by) REFERENCES members (id)
);
CREATE UNIQUE INDEX businesses_one_name ON businesses (union_id, name_key) WHERE state = 'active';
CREATE INDEX businesses_of_founder ON businesses (union_id, founded_by) WHERE state = 'active';
CREATE TABLE business_shares (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    member_id UUID NOT NULL,
    shares BIGINT NOT NULL CHECK (shares > 0),
    PRIMARY KEY (union_id, business_id, member_id),
    FOREIGN KEY (union_id, business_id) REFERENCES businesses (union_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX business_shares_of_member ON business_shares (union_id, member_id);
CREATE TABLE business_share_changes (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    id UUID NOT NULL,
    from_id UUID,
    to_id UUID,
    shares BIGINT NOT NULL CHECK (shares > 0),
    way TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, business_id, id),
    FOREIGN KEY (union_id, business_id) REFERENCES businesses (union_id, id),
    FOREIGN KEY (from_id) REFERENCES members (id),
    FOREIGN KEY (to_id) REFERENCES members (id)
);
CREATE INDEX business_share_changes_from ON business_share_changes (union_id, from_id);
CREATE INDEX business_share_changes_to ON business_share_changes (union_id, to_id);
CREATE TABLE business_posts (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    kind TEXT NOT NULL,
    under_id UUID,
    rights JSONB NOT NULL,
    appointed_by UUID NOT NULL,
    begins_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    why TEXT,
    PRIMARY KEY (union_id, business_id, id),
    FOREIGN KEY (union_id, business_id) REFERENCES businesses (union_id, id),
    FOREIGN KEY (union_id, business_id, under_id) REFERENCES business_posts (union_id, business_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (appointed_by) REFERENCES members (id),
    FOREIGN KEY (ended_by) REFERENCES members (id)
);
CREATE INDEX business_posts_of_member ON business_posts (union_id, member_id);
CREATE INDEX business_posts_open ON business_posts (union_id, business_id, until) WHERE ended_at IS NULL;
CREATE TABLE business_resolutions (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    member_id UUID,
    term_seconds INTEGER,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    passed_at TIMESTAMP WITH TIME ZONE,
    passed_shares BIGINT,
    PRIMARY KEY (union_id, business_id, id),
    FOREIGN KEY (union_id, business_id) REFERENCES businesses (union_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (proposed_by) REFERENCES members (id)
);
CREATE INDEX business_resolutions_of_member ON business_resolutions (union_id, proposed_by);
CREATE TABLE business_approvals (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    resolution_id UUID NOT NULL,
    member_id UUID NOT NULL,
    shares BIGINT NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, business_id, resolution_id, member_id),
    FOREIGN KEY (union_id, business_id, resolution_id)
        REFERENCES business_resolutions (union_id, business_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX business_approvals_of_member ON business_approvals (union_id, member_id);
CREATE TABLE business_grants (
    union_id UUID NOT NULL,
    business_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    grants JSONB NOT NULL,
    PRIMARY KEY (union_id, business_id, member_id),
    FOREIGN KEY (union_id, business_id) REFERENCES businesses (union_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX business_grants_of_member ON business_grants (union_id, member_id)
    WHERE grants <> '[]'::jsonb
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("businesses and their shares would be gone: restore a backup instead")
