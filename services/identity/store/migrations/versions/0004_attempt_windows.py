"""Counters of what is limited by wallet, member and address."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE attempt_windows (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts_count INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, started_at)
);
CREATE INDEX attempt_windows_by_start ON attempt_windows (started_at)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("limits would begin anew: restore a backup instead")
