"""The tables of payments from the treasury, and of what was spent by each holding of an office."""

from sqlalchemy import BigInteger, Column, DateTime, Index, MetaData, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

APPEND_ONLY_TABLES = ("treasury_payments",)


def treasury_tables(metadata: MetaData) -> None:
    """Define them in the ledger's metadata."""
    Table(
        "treasury_payments",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("officer_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False, comment="of its transfer, chosen by the officer"),
        Column("credit_account", Uuid, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        Column(
            "holding_ids", ARRAY(Uuid), nullable=False, comment="that it counts against; none: the founder"
        ),
        Column(
            "limits", ARRAY(BigInteger), nullable=False, comment="of each of them at that moment, minor units"
        ),
        Column("device_key_id", Text, nullable=False),
        Column("nonce", Text, nullable=False),
        Column("paid_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("union_id", "officer_id", "id"),
        Index("treasury_payments_by_time", "union_id", "paid_at", "id"),
    )
    Table(
        "office_spending",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("holding_id", Uuid, nullable=False),
        Column("spent_minor", BigInteger, nullable=False),
        PrimaryKeyConstraint("union_id", "holding_id"),
    )
