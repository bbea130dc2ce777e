"""The table of the projection, in every service that asks for rights."""

from sqlalchemy import BigInteger, Column, MetaData, Table, Uuid
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
