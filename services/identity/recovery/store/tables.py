"""The tables of guardians, codes and recoveries."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

Timestamp = DateTime(timezone=True)


def recovery_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    _guardians(metadata)
    _codes(metadata)
    _recoveries(metadata)


def _guardians(metadata: MetaData) -> None:
    Table(
        "guardian_sets",
        metadata,
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("version", Integer, nullable=False),
        Column("threshold", Integer, nullable=False, comment="how many of them decide; 0 without any"),
        Column("named_at", Timestamp, nullable=False),
        Column("holds_from", Timestamp, nullable=False),
        Column("withdrawn_at", Timestamp, comment="before it held"),
        PrimaryKeyConstraint("member_id", "version"),
    )
    Table(
        "guardians",
        metadata,
        Column("member_id", Uuid, nullable=False),
        Column("version", Integer, nullable=False),
        Column("guardian_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("resigned_at", Timestamp, comment="they decide no more"),
        PrimaryKeyConstraint("member_id", "version", "guardian_id"),
        ForeignKeyConstraint(["member_id", "version"], ["guardian_sets.member_id", "guardian_sets.version"]),
        Index("guardians_of_guardian", "guardian_id", "member_id"),
    )


def _codes(metadata: MetaData) -> None:
    Table(
        "recovery_codes",
        metadata,
        Column("code_hash", LargeBinary, primary_key=True, comment="HMAC-SHA256 under the deployment's key"),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("made_at", Timestamp, nullable=False),
        Column("used_at", Timestamp),
        Index("recovery_codes_of_member", "member_id"),
    )


def _recoveries(metadata: MetaData) -> None:
    Table(
        "recoveries",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("way", Text, nullable=False, comment="guardians, code"),
        Column("state", Text, nullable=False, comment="asked, waiting, cancelled, done, refused"),
        Column("round", SmallInteger, nullable=False, comment="2 after a cancellation"),
        Column("threshold", Integer, nullable=False),
        Column("guardians_count", Integer, nullable=False),
        Column("guardians_version", Integer, nullable=False, comment="of the set that decides; 0: none"),
        Column("asked_at", Timestamp, nullable=False),
        Column("expires_at", Timestamp, nullable=False, comment="when nobody votes any more"),
        Column("waits_until", Timestamp),
        Column("greeting", Text, nullable=False, comment="what who asks tells the guardians"),
        Column("key_kind", Text, nullable=False),
        Column("key_identifier", Text, nullable=False, comment="as in member_keys"),
        Column("device_key_id", Text, nullable=False, comment="that the new key certified when it asked"),
        Column("message", Text, nullable=False),
        Column("signature", Text, nullable=False),
        Column("passkey", JSONB, comment="what is kept of a new passkey, until it is the member's"),
        Index("recoveries_of_member", "member_id", "id"),
        Index(
            "recoveries_one_of_key",
            "key_kind",
            "key_identifier",
            unique=True,
            postgresql_where=text("state IN ('asked', 'waiting', 'cancelled')"),
        ),
    )
    Table(
        "recovery_votes",
        metadata,
        Column("recovery_id", Uuid, ForeignKey("recoveries.id"), nullable=False),
        Column("round", SmallInteger, nullable=False),
        Column("guardian_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("approves", Boolean, nullable=False),
        Column("voted_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("recovery_id", "round", "guardian_id"),
    )
