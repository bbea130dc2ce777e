"""A transfer's row names its union and its principal by numbers; the view `transfers` says who these are.

Every row is written anew, once. The release before goes on writing through the view, by its trigger; the
next release takes the trigger away.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PRINCIPALS = """
CREATE TABLE principals (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    PRIMARY KEY (union_id, id)
)
"""
_ROWS = """
CREATE TABLE transfer_rows (
    sequence BIGINT NOT NULL,
    entry_number BIGINT NOT NULL,
    debit_number BIGINT NOT NULL,
    credit_number BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    debit_previous BIGINT NOT NULL,
    credit_previous BIGINT NOT NULL,
    id UUID NOT NULL,
    principal_number BIGINT NOT NULL,
    union_number INTEGER NOT NULL,
    code SMALLINT NOT NULL,
    flags SMALLINT NOT NULL DEFAULT 0
)
"""
_KEYS = """
ALTER TABLE transfer_rows
    ADD PRIMARY KEY (union_number, sequence),
    ADD UNIQUE (id, principal_number),
    ADD CONSTRAINT amount_positive CHECK (amount_minor > 0)
"""
_VIEW = """
CREATE VIEW transfers AS
SELECT h.union_id, r.sequence, r.entry_number, r.id, p.id AS principal_id, r.debit_number, r.credit_number,
       r.amount_minor, r.debit_previous, r.credit_previous, r.code, r.flags
FROM transfer_rows r
JOIN journal_heads h ON h.union_number = r.union_number
JOIN principals p ON p.number = r.principal_number AND p.union_id = h.union_id
"""
_INSERT = """
CREATE FUNCTION insert_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO principals (union_id, id) VALUES (NEW.union_id, NEW.principal_id) ON CONFLICT DO NOTHING;
    INSERT INTO transfer_rows (union_number, sequence, entry_number, id, principal_number, debit_number,
                               credit_number, amount_minor, debit_previous, credit_previous, code, flags)
    SELECT h.union_number, NEW.sequence, NEW.entry_number, NEW.id, p.number, NEW.debit_number,
           NEW.credit_number, NEW.amount_minor, NEW.debit_previous, NEW.credit_previous, NEW.code,
           coalesce(NEW.flags, 0)
    FROM journal_heads h JOIN principals p USING (union_id)
    WHERE h.union_id = NEW.union_id AND p.id = NEW.principal_id;
    RETURN NEW;
END $$
"""
_TRIGGER = """
CREATE TRIGGER insert_transfer INSTEAD OF INSERT ON transfers
FOR EACH ROW EXECUTE FUNCTION insert_transfer()
"""
_TABLE = """
CREATE TABLE transfers (
    union_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    entry_number BIGINT NOT NULL,
    id UUID NOT NULL,
    principal_id UUID NOT NULL,
    debit_number BIGINT NOT NULL,
    credit_number BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    debit_previous BIGINT NOT NULL,
    credit_previous BIGINT NOT NULL,
    code SMALLINT NOT NULL,
    flags SMALLINT NOT NULL DEFAULT 0,
    PRIMARY KEY (union_id, sequence),
    UNIQUE (union_id, principal_id, id),
    CONSTRAINT amount_positive CHECK (amount_minor > 0)
)
"""
_FILL_ROWS = """
INSERT INTO transfer_rows
SELECT t.sequence, t.entry_number, t.debit_number, t.credit_number, t.amount_minor, t.debit_previous,
       t.credit_previous, t.id, p.number, h.union_number, t.code, t.flags
FROM transfers t
JOIN journal_heads h USING (union_id)
JOIN principals p ON p.union_id = t.union_id AND p.id = t.principal_id
ORDER BY h.union_number, t.sequence
"""
_FILL_TABLE = "INSERT INTO transfers SELECT * FROM transfers_before ORDER BY union_id, sequence"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE journal_heads ADD COLUMN union_number INTEGER GENERATED ALWAYS AS IDENTITY UNIQUE"
    )
    op.execute(_PRINCIPALS)
    op.execute("ALTER TABLE principals ALTER COLUMN union_id SET STATISTICS 0")
    op.execute("INSERT INTO principals (union_id, id) SELECT DISTINCT union_id, principal_id FROM transfers")
    op.execute(_ROWS)
    op.execute(_FILL_ROWS)
    op.execute(_KEYS)
    op.execute("DROP TABLE transfers")
    op.execute(_VIEW)
    op.execute(_INSERT)
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.execute("ALTER VIEW transfers RENAME TO transfers_before")
    op.execute(_TABLE)
    op.execute(_FILL_TABLE)
    op.execute("ALTER TABLE transfers ALTER COLUMN union_id SET STATISTICS 0")
    op.execute("DROP VIEW transfers_before")
    op.execute("DROP FUNCTION insert_transfer")
    op.execute("DROP TABLE transfer_rows")
    op.execute("DROP TABLE principals")
    op.execute("ALTER TABLE journal_heads DROP COLUMN union_number")
