"""Notices: what happened to a member."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE notices (
    member_id UUID NOT NULL,
    notice_id UUID NOT NULL,
    union_id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id UUID NOT NULL,
    actor_id UUID,
    happened_count INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (member_id, notice_id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (union_id) REFERENCES unions (id)
);
CREATE UNIQUE INDEX notices_unread_once ON notices (member_id, union_id, kind, subject_id)
    WHERE read_at IS NULL;
CREATE INDEX notices_by_age ON notices (made_at)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE notices")
