"""Photos of offers and files of agreements."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE file_contents (
    union_id UUID NOT NULL,
    content_digest BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width INTEGER,
    height INTEGER,
    references_count BIGINT NOT NULL,
    wanted_until TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, content_digest),
    CONSTRAINT file_contents_references CHECK (references_count >= 0)
);
CREATE INDEX file_contents_unreferenced ON file_contents (wanted_until) WHERE references_count = 0;
CREATE TABLE files (
    union_id UUID NOT NULL,
    subject TEXT NOT NULL,
    subject_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    file_id UUID NOT NULL,
    content_digest BYTEA NOT NULL,
    owner_id UUID NOT NULL,
    name TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, subject, subject_id, digest),
    FOREIGN KEY(union_id, content_digest) REFERENCES file_contents (union_id, content_digest)
);
CREATE INDEX files_by_content ON files (union_id, content_digest);
CREATE INDEX files_by_owner ON files (union_id, owner_id, made_at);
CREATE INDEX files_in_order ON files (union_id, subject, subject_id, file_id);
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE files")
    op.execute("DROP TABLE file_contents")
