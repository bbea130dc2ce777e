"""The log of what has ended, numbered without a gap."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE revocations (
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (number)
);
CREATE INDEX revocations_by_time ON revocations (recorded_at);
CREATE TABLE revocation_head (
    id SMALLINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO revocation_head (id, number) VALUES (1, 0)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what has ended stays ended: restore a backup instead")
