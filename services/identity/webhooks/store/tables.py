"""The tables of webhooks."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

Timestamp = DateTime(timezone=True)


def webhook_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    Table(
        "webhooks",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("url", Text, nullable=False),
        Column("types", ARRAY(Text), nullable=False, comment="empty: every type"),
        Column("note", Text, nullable=False),
        Column("secret", LargeBinary, nullable=False, comment="signs: it cannot be a hash"),
        Column("previous_secret", LargeBinary),
        Column("previous_until", Timestamp),
        Column("state", Text, nullable=False, comment="WebhookState"),
        Column("reason", Text, comment="DisabledReason"),
        Column("active_since", Timestamp, nullable=False),
        Column("failures_count", Integer, nullable=False, comment="one after the other"),
        Column("failing_since", Timestamp),
        Column("paused_until", Timestamp),
        Column("leased_until", Timestamp, comment="a process sends to it until then"),
        Column("created_by", Uuid, nullable=False),
        Column("created_at", Timestamp, nullable=False),
        Column("changed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "id"),
        UniqueConstraint("id", name="webhooks_once"),
    )
    Table(
        "webhook_deliveries",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column(
            "number", BigInteger, Identity(always=True), nullable=False, comment="in the order of the bus"
        ),
        Column("webhook_id", Uuid, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("event_type", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("state", Text, nullable=False, comment="DeliveryState"),
        Column("attempts_count", Integer, nullable=False),
        Column("created_at", Timestamp, nullable=False),
        Column("next_attempt_at", Timestamp),
        Column("last_at", Timestamp),
        Column("last_status", Integer),
        Column("last_error", Text),
        Column("last_took_ms", Integer),
        UniqueConstraint("webhook_id", "event_id", name="webhook_deliveries_once"),
        Index(
            "webhook_deliveries_due",
            "webhook_id",
            "next_attempt_at",
            "number",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("webhook_deliveries_of_webhook", "webhook_id", "number"),
        Index("webhook_deliveries_by_time", "created_at"),
    )
