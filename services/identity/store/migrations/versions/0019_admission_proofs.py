"""What people prove to a union to come in: credentials, balances."""

from alembic import op

revision = "0019"
down_revision = "0017"
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
    PRIMARY KEY (union_id, member_id, way),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE UNIQUE INDEX admission_proofs_once ON admission_proofs (union_id, way, digest)
    WHERE digest IS NOT NULL;
CREATE INDEX admission_proofs_by_time ON admission_proofs (proven_at);
CREATE INDEX admission_proofs_of_member ON admission_proofs (member_id)
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE admission_proofs")
