"""What handles look like; skills, links, pictures and encryption keys of profiles, and who sees what."""

from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

# As domain/look_alike.py has it by its library; the next release, which writes every look itself, drops it.
LOOK = "replace(replace(translate({handle}, '01-', 'ol'), 'm', 'rn'), 'vv', 'w')"
LOOKS = f"""
CREATE TABLE handle_looks (
    look TEXT NOT NULL,
    member_id UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (look),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX handle_looks_of_member ON handle_looks (member_id);
INSERT INTO handle_looks (look, member_id, recorded_at)
SELECT DISTINCT ON (look) look, member_id, (SELECT max(taken_at) FROM handles)
FROM (SELECT {LOOK.format(handle="handle")} AS look, member_id, taken_at, handle FROM handles) taken
ORDER BY look, taken_at, handle
"""  # noqa: S608 - made of this file's own text
FOLLOW = f"""
CREATE FUNCTION keep_look_of_handle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO handle_looks (look, member_id, recorded_at)
    VALUES ({LOOK.format(handle="NEW.handle")}, NEW.member_id, NEW.taken_at) ON CONFLICT (look) DO NOTHING;
    RETURN NEW;
END
$$;
CREATE TRIGGER handles_looked_at AFTER INSERT ON handles
FOR EACH ROW EXECUTE FUNCTION keep_look_of_handle()
"""  # noqa: S608 - made of this file's own text

PROFILES = """
ALTER TABLE members ADD COLUMN links TEXT[] NOT NULL DEFAULT '{}', ADD COLUMN avatar BYTEA,
    ADD COLUMN privacy JSONB NOT NULL DEFAULT '{}';
CREATE TABLE member_skills (
    member_id UUID NOT NULL,
    skill TEXT NOT NULL,
    PRIMARY KEY (member_id, skill),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE INDEX member_skills_by_skill ON member_skills (skill, member_id);
CREATE TABLE encryption_keys (
    member_id UUID NOT NULL,
    version INTEGER NOT NULL,
    public_key BYTEA,
    device_key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (member_id, version),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
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
    FOREIGN KEY (union_id, content_digest) REFERENCES file_contents (union_id, content_digest)
);
CREATE INDEX files_by_content ON files (union_id, content_digest);
CREATE INDEX files_by_owner ON files (union_id, owner_id, made_at);
CREATE INDEX files_in_order ON files (union_id, subject, subject_id, file_id)
"""


def upgrade() -> None:
    for statement in PROFILES.split(";") + LOOKS.split(";"):
        op.execute(statement)
    function, _, trigger = FOLLOW.partition("$$;\n")
    op.execute(f"{function}$$")
    op.execute(trigger)


def downgrade() -> None:
    raise RuntimeError("what members said of themselves would be lost: restore a backup instead")
