"""The table of notices."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

Timestamp = DateTime(timezone=True)


def notice_tables(metadata: MetaData) -> None:
    """Adds it to identity's."""
    Table(
        "notices",
        metadata,
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("notice_id", Uuid, nullable=False),
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("actor_id", Uuid, comment="whose doing the newest of them was"),
        Column("happened_count", Integer, nullable=False, comment="how often, since it was last read"),
        Column("made_at", Timestamp, nullable=False),
        Column("read_at", Timestamp),
        PrimaryKeyConstraint("member_id", "notice_id"),
        Index(
            "notices_unread_once",
            "member_id",
            "union_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("notices_by_age", "made_at"),
    )
