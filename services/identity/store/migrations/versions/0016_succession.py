"""Who holds the founder's office, who is to, and how it passed."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE unions ADD COLUMN head_id UUID REFERENCES members (id);
CREATE TABLE heirs (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    named_by UUID NOT NULL,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    agreed_at TIMESTAMP WITH TIME ZONE,
    claimed_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    rests_until TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (named_by) REFERENCES members (id)
);
CREATE TABLE successions (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    from_id UUID NOT NULL,
    to_id UUID NOT NULL,
    way TEXT NOT NULL,
    passed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (from_id) REFERENCES members (id),
    FOREIGN KEY (to_id) REFERENCES members (id)
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("who holds an office would not be known any more: restore a backup instead")
