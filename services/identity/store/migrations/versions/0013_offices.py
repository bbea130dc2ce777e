"""Offices, their versions, who holds them, and what services were told of it."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE offices (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    parent_id UUID,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_by UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (union_id, parent_id) REFERENCES offices (union_id, id),
    FOREIGN KEY (created_by) REFERENCES members (id),
    FOREIGN KEY (ended_by) REFERENCES members (id)
);
CREATE TABLE office_versions (
    union_id UUID NOT NULL,
    office_id UUID NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    rights JSONB NOT NULL,
    term_seconds INTEGER NOT NULL,
    changed_by UUID NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, office_id, version),
    FOREIGN KEY (union_id, office_id) REFERENCES offices (union_id, id),
    FOREIGN KEY (changed_by) REFERENCES members (id)
);
CREATE TABLE office_holdings (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    office_id UUID NOT NULL,
    member_id UUID NOT NULL,
    under_id UUID,
    appointed_by UUID NOT NULL,
    begins_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    why TEXT,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id, office_id) REFERENCES offices (union_id, id),
    FOREIGN KEY (union_id, under_id) REFERENCES office_holdings (union_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (appointed_by) REFERENCES members (id),
    FOREIGN KEY (ended_by) REFERENCES members (id)
);
CREATE INDEX office_holdings_open ON office_holdings (union_id, until) WHERE ended_at IS NULL;
CREATE INDEX office_holdings_of_member ON office_holdings (union_id, member_id);
CREATE INDEX office_holdings_of_office ON office_holdings (union_id, office_id);
CREATE TABLE office_grants (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    grants JSONB NOT NULL,
    PRIMARY KEY (union_id, member_id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX office_grants_held ON office_grants (union_id) WHERE grants <> '[]'::jsonb
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for table in ("office_grants", "office_holdings", "office_versions", "offices"):
        op.execute(f"DROP TABLE {table}")
