"""The planner takes a union for a two-hundredth of a table, also one that is new beside a large one.

By the statistics of `union_id` a union that they do not list has one row: then every index that begins with
`union_id` costs the same, and a lookup by (union_id, principal_id, id) may read all rows of the union through
the primary key. Without statistics the estimate is 1/200 of the table (DEFAULT_NUM_DISTINCT of PostgreSQL's
selfuncs.h), and the index with all columns wins. Statistics that are stored already go with a change of the
type, which rewrites nothing where the type stays the same.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES_WITH_SEVERAL_KEYS = ("transfers", "accounts")


def upgrade() -> None:
    for table in _TABLES_WITH_SEVERAL_KEYS:
        op.execute(
            f"ALTER TABLE {table} ALTER COLUMN union_id TYPE uuid, ALTER COLUMN union_id SET STATISTICS 0"
        )


def downgrade() -> None:
    for table in _TABLES_WITH_SEVERAL_KEYS:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN union_id SET STATISTICS -1")
