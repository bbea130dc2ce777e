"""The tables of acceptances: each one given after joining, and how many members are under which version."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
)


def acceptance_tables(metadata: MetaData) -> None:
    """Joining is an acceptance too: its version stands in the membership alone, until another one follows."""
    Table(
        "charter_acceptances",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("member_id", Uuid, nullable=False),
        Column("membership_version", Integer, nullable=False, comment="the one that this acceptance made"),
        Column("charter_version", Integer, nullable=False),
        Column("charter_hash", Text, nullable=False, comment="which the member named"),
        Column(
            "way", Text, nullable=False, comment="signed; authored: an amendment is its author's acceptance"
        ),
        Column("accepted_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("union_id", "member_id", "membership_version"),
        ForeignKeyConstraint(["union_id", "member_id"], ["memberships.union_id", "memberships.member_id"]),
        ForeignKeyConstraint(["union_id", "charter_version"], ["charters.union_id", "charters.version"]),
    )
    Table(
        "acceptance_counts",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("charter_version", Integer, nullable=False),
        Column("shard", SmallInteger, nullable=False, comment="of the member's id: no row is hot"),
        Column("active_members", BigInteger, nullable=False, comment="kept by a trigger on memberships"),
        PrimaryKeyConstraint("union_id", "charter_version", "shard"),
    )
