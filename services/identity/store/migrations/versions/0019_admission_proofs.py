"""What people prove to a union to come in: credentials, balances. Targets of growth."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE admission_proofs (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    way TEXT NOT NULL,
    proven_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE,
    digest BYTEA,
    block_number BIGINT,
    unneeded_since TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, member_id, way),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE UNIQUE INDEX admission_proofs_once ON admission_proofs (union_id, way, digest)
    WHERE digest IS NOT NULL;
CREATE INDEX admission_proofs_unneeded ON admission_proofs (unneeded_since)
    WHERE unneeded_since IS NOT NULL;
CREATE INDEX admission_proofs_of_member ON admission_proofs (member_id);
CREATE TABLE growth_targets (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    members INTEGER NOT NULL,
    due_on DATE NOT NULL,
    set_by UUID NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    began_count INTEGER NOT NULL,
    state TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_count INTEGER,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (set_by) REFERENCES members (id)
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE growth_targets")
    op.execute("DROP TABLE admission_proofs")
