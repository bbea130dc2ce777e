"""The tables of payments from the accounts of businesses, and of what was spent by each holding in one."""

from sqlalchemy import BigInteger, Column, DateTime, Index, MetaData, PrimaryKeyConstraint, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

APPEND_ONLY_TABLES = ("business_payments",)


def payment_tables(metadata: MetaData) -> None:
    """Define them in the ledger's metadata."""
    Table(
        "business_payments",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("payer_id", Uuid, nullable=False, comment="the member who signed it"),
        Column("id", Uuid, nullable=False, comment="of its transfer, chosen by the payer"),
        Column("business_id", Uuid, nullable=False, comment="whose account it left"),
        Column("credit_account", Uuid, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        Column("holding_id", Uuid, nullable=False, comment="that gave the right to spend"),
        Column("holding_ids", ARRAY(Uuid), nullable=False, comment="that it counts against; none: no limit"),
        Column(
            "limits", ARRAY(BigInteger), nullable=False, comment="of each of them at that moment, minor units"
        ),
        Column("device_key_id", Text, nullable=False),
        Column("nonce", Text, nullable=False),
        Column("paid_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("union_id", "payer_id", "id"),
        Index("business_payments_by_time", "union_id", "business_id", "paid_at", "id"),
    )
    Table(
        "business_spending",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("holding_id", Uuid, nullable=False),
        Column("spent_minor", BigInteger, nullable=False),
        PrimaryKeyConstraint("union_id", "holding_id"),
    )
