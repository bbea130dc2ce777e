"""The tables of the projections, in every service that asks for rights."""

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB


def rights_table(metadata: MetaData) -> Table:
    """The projection's table, for the metadata of a service that keeps it beside that of memberships."""
    return Table(
        "office_grants",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("member_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column(
            "grants", JSONB, nullable=False, comment="of the newest event office.grant; bounded by identity"
        ),
    )


def business_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Businesses and what members hold in them, for a service that asks for rights in businesses."""
    businesses = Table(
        "businesses",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("business_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("state", Text, nullable=False, comment="active or closed, of the newest event business"),
    )
    grants = Table(
        "business_grants",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("member_id", Uuid, primary_key=True),
        Column("business_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column(
            "grants", JSONB, nullable=False, comment="of the newest event business.grant; bounded by identity"
        ),
        Index("business_grants_of_business", "union_id", "business_id", "member_id"),
    )
    return businesses, grants
