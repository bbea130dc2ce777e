"""Operators of the house, what they did, and what became of it."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE operator_changes (
    member_id UUID NOT NULL,
    number INTEGER NOT NULL,
    is_operator BOOLEAN NOT NULL,
    because TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (member_id, number),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE TABLE operator_acts (
    id UUID NOT NULL,
    operator_id UUID NOT NULL,
    power TEXT NOT NULL,
    member_id UUID,
    union_id UUID,
    picture BYTEA,
    ground TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (operator_id) REFERENCES members (id),
    FOREIGN KEY (member_id) REFERENCES members (id),
    FOREIGN KEY (union_id) REFERENCES unions (id)
);
CREATE INDEX operator_acts_on_member ON operator_acts (member_id, id);
CREATE INDEX operator_acts_on_union ON operator_acts (union_id, id);
CREATE TABLE operator_act_unions (
    union_id UUID NOT NULL,
    act_id UUID NOT NULL,
    PRIMARY KEY (union_id, act_id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (act_id) REFERENCES operator_acts (id)
);
CREATE TABLE operator_appeals (
    act_id UUID NOT NULL,
    member_id UUID NOT NULL,
    words TEXT NOT NULL,
    appealed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decide_by TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (act_id),
    FOREIGN KEY (act_id) REFERENCES operator_acts (id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE TABLE operator_rulings (
    act_id UUID NOT NULL,
    kind TEXT NOT NULL,
    operator_id UUID NOT NULL,
    reasons TEXT NOT NULL,
    ruled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (act_id, kind),
    FOREIGN KEY (act_id) REFERENCES operator_acts (id),
    FOREIGN KEY (operator_id) REFERENCES members (id)
);
CREATE UNIQUE INDEX operator_rulings_one_decision ON operator_rulings (act_id) WHERE kind <> 'undone';
CREATE UNIQUE INDEX operator_rulings_one_end ON operator_rulings (act_id) WHERE kind <> 'upheld'
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("what operators did would not be known any more: restore a backup instead")
