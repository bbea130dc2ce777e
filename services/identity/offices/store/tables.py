"""The tables of offices."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

Timestamp = DateTime(timezone=True)


def office_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    _offices(metadata)
    _holdings(metadata)
    Table(
        "office_grants",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("grants", JSONB, nullable=False, comment="as services were told; what holds is derived"),
        PrimaryKeyConstraint("union_id", "member_id"),
        Index("office_grants_held", "union_id", postgresql_where=text("grants <> '[]'::jsonb")),
    )


def _offices(metadata: MetaData) -> None:
    Table(
        "offices",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("parent_id", Uuid, comment="directly below the founder without one"),
        Column("created_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("created_at", Timestamp, nullable=False),
        Column("ended_by", Uuid, ForeignKey("members.id")),
        Column("ended_at", Timestamp),
        PrimaryKeyConstraint("union_id", "id"),
        ForeignKeyConstraint(["union_id", "parent_id"], ["offices.union_id", "offices.id"]),
    )
    Table(
        "office_versions",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("office_id", Uuid, nullable=False),
        Column("version", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column(
            "rights", JSONB, nullable=False, comment="by right, the limit of spend in minor units or null"
        ),
        Column("term_seconds", Integer, nullable=False),
        Column("changed_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("changed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "office_id", "version"),
        ForeignKeyConstraint(["union_id", "office_id"], ["offices.union_id", "offices.id"]),
    )


def _holdings(metadata: MetaData) -> None:
    Table(
        "office_holdings",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("office_id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("under_id", Uuid, comment="the holding by which it was given; as the founder without one"),
        Column("appointed_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("begins_at", Timestamp, nullable=False),
        Column("until", Timestamp, nullable=False),
        Column("ended_at", Timestamp, comment="before its term"),
        Column("ended_by", Uuid, ForeignKey("members.id")),
        Column("why", Text, comment="ended, resigned, left, office_ended, from_above"),
        PrimaryKeyConstraint("union_id", "id"),
        ForeignKeyConstraint(["union_id", "office_id"], ["offices.union_id", "offices.id"]),
        ForeignKeyConstraint(["union_id", "under_id"], ["office_holdings.union_id", "office_holdings.id"]),
        Index("office_holdings_open", "union_id", "until", postgresql_where=text("ended_at IS NULL")),
        Index("office_holdings_of_member", "union_id", "member_id"),
        Index("office_holdings_of_office", "union_id", "office_id"),
    )
