"""What handles look like, so that none passes for another's."""

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
"""  # noqa: S608


def upgrade() -> None:
    for statement in LOOKS.split(";"):
        op.execute(statement)
    function, _, trigger = FOLLOW.partition("$$;\n")
    op.execute(f"{function}$$")
    op.execute(trigger)


def downgrade() -> None:
    op.execute("DROP TRIGGER handles_looked_at ON handles")
    op.execute("DROP FUNCTION keep_look_of_handle()")
    op.execute("DROP TABLE handle_looks")
