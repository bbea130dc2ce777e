"""The two tables of the projection, in every service that keeps it."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB


def membership_tables(metadata: MetaData) -> tuple[Table, Table]:
    """The projection's two tables, for the metadata of a service that keeps it."""
    unions = Table(
        "unions",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("slug", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("founder_id", Uuid, nullable=False),
        Column("token_symbol", Text, nullable=False),
        Column("token_scale", Integer, nullable=False),
        Column("charter_version", Integer, nullable=False),
        Column("charter_hash", Text, nullable=False),
        Column("parameters", JSONB, nullable=False),
        Column("founded_at", DateTime(timezone=True), nullable=False),
        Index("unions_by_slug", "slug"),
    )
    memberships = Table(
        "memberships",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("member_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("charter_version", Integer, nullable=False),
        Column("by_founder_invitation", Boolean, nullable=False),
        Column("joined_at", DateTime(timezone=True), nullable=False),
    )
    return unions, memberships
