"""The chassis' own tables, present in the database of every service.

Outbox, inbox and idempotency keys are partitioned by day and dropped, never deleted row by row. `act_log`,
`signed_acts` and `erased_members` are append-only: the run-time role may insert and read them, nothing else.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

chassis_metadata = MetaData()
Timestamp = DateTime(timezone=True)

DAILY_TABLES = ("outbox", "inbox", "idempotency_keys")
APPEND_ONLY_TABLES = ("act_log", "signed_acts", "erased_members")

outbox = Table(
    "outbox",
    chassis_metadata,
    Column("written_on", Date, nullable=False),
    Column("position", BigInteger, Identity(always=True, cache=1), nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("time", Timestamp, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("traceparent", Text),
    Column("causation_id", Text),
    Column("correlation_id", Text),
    Column("relayed", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("position", "written_on"),
    Index("outbox_unmarked", "position", postgresql_where=text("NOT relayed")),
    postgresql_partition_by="RANGE (written_on)",
)

inbox = Table(
    "inbox",
    chassis_metadata,
    Column("event_on", Date, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", SmallInteger, nullable=False, server_default=text("0")),
    Column("traceparent", Text),
    Column("causation_id", Text),
    Column("correlation_id", Text),
    Column("consumed_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("event_id", "event_on"),
    postgresql_partition_by="RANGE (event_on)",
)

parked_events = Table(
    "parked_events",
    chassis_metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("group_name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("envelope", JSONB, nullable=False),
    Column("error", Text, nullable=False),
    Column("tries_count", Integer, nullable=False),
    Column("parked_at", Timestamp, nullable=False),
    UniqueConstraint("group_name", "event_id"),
    Index("parked_events_by_key", "group_name", "key", "source", "sequence"),
)

idempotency_keys = Table(
    "idempotency_keys",
    chassis_metadata,
    Column("created_on", Date, nullable=False),
    Column("scope", LargeBinary, nullable=False, comment="SHA-256 of actor, method, path and key"),
    Column("request_digest", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("resource", Text, comment="where the present state is read, when intents were recorded"),
    Column("intent_ids", JSONB),
    Column("created_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("scope", "created_on"),
    postgresql_partition_by="RANGE (created_on)",
)

intents = Table(
    "intents",
    chassis_metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("resource", Text, nullable=False),
    Column("state", Text, nullable=False, comment="waiting, done, refused"),
    Column("answer", JSONB),
    Column("attempts_count", Integer, nullable=False, server_default=text("0")),
    Column("next_attempt_at", Timestamp, nullable=False),
    Column("last_error", Text),
    Column("traceparent", Text),
    Column("correlation_id", Text),
    Column("created_at", Timestamp, nullable=False),
    Column("answered_at", Timestamp),
    UniqueConstraint("kind", "key"),
    Index("intents_waiting", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
)

timers = Table(
    "timers",
    chassis_metadata,
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("due", Timestamp, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("recurrence", JSONB, comment="local time and zone of a recurring timer"),
    Column("attempts_count", Integer, nullable=False, server_default=text("0")),
    Column("next_attempt_at", Timestamp, nullable=False),
    Column("last_error", Text),
    PrimaryKeyConstraint("kind", "key"),
    Index("timers_due", "next_attempt_at", "due"),
)

act_log = Table(
    "act_log",
    chassis_metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Timestamp, nullable=False),
    Column("actor", Text, nullable=False, comment="member:<id>, service:<name>, timer:<kind>, event:<id>"),
    Column("on_behalf_of", Text),
    Column("union_id", Uuid),
    Column("charter_version", Integer),
    Column("act_right", Text, nullable=False, comment="the right or rule that allowed it"),
    Column("subject", Text, nullable=False),
    Column("changed", JSONB, nullable=False),
    Column("request_id", Text),
    Column("traceparent", Text),
)

signed_acts = Table(
    "signed_acts",
    chassis_metadata,
    Column("device_key_id", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("created", Timestamp, nullable=False),
    Column("method", Text, nullable=False),
    Column("target_uri", Text, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("idempotency_key", Text),
    Column("signature_input", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("stored_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("device_key_id", "nonce"),
    Index("signed_acts_of_device", "device_key_id", "created"),
)

erased_members = Table(
    "erased_members",
    chassis_metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("erased_at", Timestamp, nullable=False, comment="when identity ended them"),
)
