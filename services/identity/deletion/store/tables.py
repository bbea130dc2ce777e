"""The tables of deletions."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

Timestamp = DateTime(timezone=True)


def deletion_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    Table(
        "account_deletions",
        metadata,
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("number", Integer, nullable=False, comment="of the member's, from 1"),
        Column("state", Text, nullable=False, comment="waiting, leaving, erasing, cancelled, stopped, done"),
        Column("asked_at", Timestamp, nullable=False),
        Column("due_at", Timestamp, nullable=False),
        Column("ended_at", Timestamp),
        PrimaryKeyConstraint("member_id", "number"),
        Index(
            "account_deletions_one_open",
            "member_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'leaving', 'erasing')"),
        ),
    )
    Table(
        "erased_looks",
        metadata,
        Column("look_hash", LargeBinary, primary_key=True, comment="HMAC-SHA256 under the deployment's key"),
        Column("kept_until", Timestamp, nullable=False, comment="nobody takes what looks so before"),
        Index("erased_looks_by_time", "kept_until"),
    )
