"""Suspensions and expulsions."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE suspensions (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    ordered_by UUID NOT NULL,
    ground TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lifted_at TIMESTAMP WITH TIME ZONE,
    lifted_by UUID,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (ordered_by) REFERENCES members (id),
    FOREIGN KEY (lifted_by) REFERENCES members (id)
);
CREATE INDEX suspensions_of_member ON suspensions (union_id, member_id, id);
CREATE TABLE expulsions (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    proposed_by UUID NOT NULL,
    ground TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    hearing_until TIMESTAMP WITH TIME ZONE NOT NULL,
    decide_by TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    statement TEXT,
    decided_by UUID,
    reasons TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    left_before BOOLEAN NOT NULL,
    appeal_until TIMESTAMP WITH TIME ZONE,
    appeal TEXT,
    appeal_decided_by UUID,
    appeal_reasons TEXT,
    appeal_decided_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (proposed_by) REFERENCES members (id),
    FOREIGN KEY (decided_by) REFERENCES members (id),
    FOREIGN KEY (appeal_decided_by) REFERENCES members (id)
);
CREATE INDEX expulsions_of_member ON expulsions (union_id, member_id, id);
CREATE INDEX expulsions_open ON expulsions (union_id, member_id) WHERE state IN ('proposed', 'appealed')
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("who is out would not be known any more: restore a backup instead")
