"""The tables of the graph service.

`graph_changes` is append-only and the truth: `graph_members`, `backlinks` and `voices` are what it says now.
A union's versions are gapless, because whoever writes them holds the row of `graph_heads`.
"""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.membership import membership_tables
from chassis.migrations import ServiceSchema
from services.graph.store.export import EXPORTED
from services.graph.store.personal import PERSONAL

metadata = MetaData()
Timestamp = DateTime(timezone=True)

SCHEMA = ServiceSchema(
    "graph",
    Path(__file__).parent / "migrations" / "versions",
    ("graph_changes",),
    PERSONAL,
    exported=EXPORTED,
)

unions, memberships = membership_tables(metadata)

graph_heads = Table(
    "graph_heads",
    metadata,
    Column("union_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False, comment="of the newest change"),
)

graph_changes = Table(
    "graph_changes",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("recorded_at", Timestamp, nullable=False),
    Column("kind", SmallInteger, nullable=False, comment="1 membership, 2 backlink, 3 voice"),
    Column("subject_id", Uuid, nullable=False, comment="the member, the supporter"),
    Column("object_id", Uuid, comment="the leader"),
    Column("topic", Text, nullable=False, comment="'' is the general topic"),
    Column("holds", Boolean, nullable=False, comment="from this version on"),
    Column("is_root", Boolean, nullable=False, comment="of a membership: standing starts here"),
    PrimaryKeyConstraint("union_id", "version"),
    Index("graph_changes_by_subject", "union_id", "kind", "subject_id", "version"),
    Index("graph_changes_by_object", "union_id", "kind", "object_id", "version"),
    Index(
        "graph_changes_absences",
        "union_id",
        "subject_id",
        "version",
        postgresql_where=text("kind = 1 AND NOT holds"),
    ),
)

graph_members = Table(
    "graph_members",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("membership_version", BigInteger, nullable=False, comment="identity's"),
    Column("active", Boolean, nullable=False),
    Column("is_root", Boolean, nullable=False),
    PrimaryKeyConstraint("union_id", "member_id"),
)

backlinks = Table(
    "backlinks",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("supporter_id", Uuid, nullable=False),
    Column("leader_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("since", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "supporter_id", "leader_id", "topic"),
    Index("backlinks_by_leader", "union_id", "leader_id", "supporter_id"),
)

voices = Table(
    "voices",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("leader_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("since", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "member_id", "topic"),
)

backlink_imports = Table(
    "backlink_imports",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("import_id", Uuid, nullable=False),
    Column("founder_id", Uuid, nullable=False),
    Column("rows_count", Integer, nullable=False),
    Column("proposed_count", Integer, nullable=False),
    Column("refused_counts", JSONB, nullable=False, comment="by reason"),
    Column("examples", JSONB, nullable=False, comment="the first refused rows of each reason"),
    Column("imported_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "import_id"),
)

backlink_proposals = Table(
    "backlink_proposals",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("supporter_id", Uuid, nullable=False),
    Column("leader_id", Uuid, nullable=False),
    Column("import_id", Uuid, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "supporter_id", "leader_id"),
    Index("backlink_proposals_by_expiry", "union_id", "expires_at"),
)

standing_epochs = Table(
    "standing_epochs",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("version", BigInteger, nullable=False, comment="of the graph that was ranked"),
    Column("computed_at", Timestamp, nullable=False),
    Column("damping_basis_points", Integer, nullable=False),
    Column("roots_count", Integer, nullable=False),
    Column("dangling", Double, nullable=False, comment="standing that went back to the roots"),
    PrimaryKeyConstraint("union_id", "epoch"),
)

standing_chunks = Table(
    "standing_chunks",
    metadata,
    Column("union_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("chunk", Integer, nullable=False),
    Column("member_ids", ARRAY(Uuid), nullable=False, comment="at most 1,000"),
    Column("standings", ARRAY(Double), nullable=False, comment="of the members, in their order"),
    PrimaryKeyConstraint("union_id", "epoch", "chunk"),
)
