"""The tables of heirs and successions."""

from sqlalchemy import Column, DateTime, ForeignKey, MetaData, PrimaryKeyConstraint, Table, Text, Uuid

Timestamp = DateTime(timezone=True)


def succession_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    Table(
        "heirs",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), primary_key=True),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("named_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("named_at", Timestamp, nullable=False),
        Column("agreed_at", Timestamp, comment="by the heir's own signed act"),
        Column("claimed_at", Timestamp, comment="of a claim that is open"),
        Column("due_at", Timestamp, comment="when it is met, unless the office's holder objects"),
        Column("rests_until", Timestamp, comment="after an objection"),
    )
    Table(
        "successions",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("from_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("to_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("way", Text, nullable=False, comment="handed_over, claimed"),
        Column("passed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "id"),
    )
