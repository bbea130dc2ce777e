"""The tables of suspensions and expulsions."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

Timestamp = DateTime(timezone=True)


def exclusion_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    Table(
        "suspensions",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("ordered_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("ground", Text, nullable=False),
        Column("began_at", Timestamp, nullable=False),
        Column("ends_at", Timestamp, nullable=False),
        Column("lifted_at", Timestamp),
        Column("lifted_by", Uuid, ForeignKey("members.id")),
        PrimaryKeyConstraint("union_id", "id"),
        Index("suspensions_of_member", "union_id", "member_id", "id"),
    )
    Table(
        "expulsions",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("proposed_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("ground", Text, nullable=False),
        Column("proposed_at", Timestamp, nullable=False),
        Column("hearing_until", Timestamp, nullable=False),
        Column("decide_by", Timestamp, nullable=False, comment="of the stage that it is in"),
        Column("state", Text, nullable=False, comment="see domain/expulsion.py; never lapsed"),
        Column("statement", Text, comment="what the member says"),
        Column("decided_by", Uuid, ForeignKey("members.id")),
        Column("reasons", Text),
        Column("decided_at", Timestamp),
        Column("left_before", Boolean, nullable=False, comment="the member had left by themselves"),
        Column("appeal_until", Timestamp),
        Column("appeal", Text),
        Column("appeal_decided_by", Uuid, ForeignKey("members.id"), comment="nobody: it was won by silence"),
        Column("appeal_reasons", Text),
        Column("appeal_decided_at", Timestamp),
        PrimaryKeyConstraint("union_id", "id"),
        Index("expulsions_of_member", "union_id", "member_id", "id"),
        Index(
            "expulsions_open",
            "union_id",
            "member_id",
            postgresql_where=text("state IN ('proposed', 'appealed')"),
        ),
    )
