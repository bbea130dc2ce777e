"""The tables of businesses."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

Timestamp = DateTime(timezone=True)


def business_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    Table(
        "businesses",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("name", Text, nullable=False),
        Column("name_key", Text, nullable=False, comment="by which names are compared"),
        Column("state", Text, nullable=False, comment="active, closed"),
        Column("shares_count", BigInteger, nullable=False, comment="all that were ever issued"),
        Column("version", Integer, nullable=False),
        Column("founded_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("founded_at", Timestamp, nullable=False),
        Column("closed_at", Timestamp),
        PrimaryKeyConstraint("union_id", "id"),
        Index(
            "businesses_one_name",
            "union_id",
            "name_key",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
        Index("businesses_of_founder", "union_id", "founded_by", postgresql_where=text("state = 'active'")),
    )
    _shares(metadata)
    _posts(metadata)
    _resolutions(metadata)
    Table(
        "business_grants",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("business_id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("grants", JSONB, nullable=False, comment="as services were told; what holds is derived"),
        PrimaryKeyConstraint("union_id", "business_id", "member_id"),
        ForeignKeyConstraint(["union_id", "business_id"], ["businesses.union_id", "businesses.id"]),
        Index(
            "business_grants_of_member",
            "union_id",
            "member_id",
            postgresql_where=text("grants <> '[]'::jsonb"),
        ),
    )


def _shares(metadata: MetaData) -> None:
    Table(
        "business_shares",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("business_id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("shares", BigInteger, nullable=False, comment="more than none"),
        PrimaryKeyConstraint("union_id", "business_id", "member_id"),
        ForeignKeyConstraint(["union_id", "business_id"], ["businesses.union_id", "businesses.id"]),
        Index("business_shares_of_member", "union_id", "member_id"),
    )
    Table(
        "business_share_changes",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("business_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("from_id", Uuid, ForeignKey("members.id"), comment="issued at the founding without one"),
        Column("to_id", Uuid, ForeignKey("members.id"), comment="ended with their last owner without one"),
        Column("shares", BigInteger, nullable=False),
        Column("way", Text, nullable=False, comment="founded, transferred, given_up, erased"),
        Column("made_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "business_id", "id"),
        ForeignKeyConstraint(["union_id", "business_id"], ["businesses.union_id", "businesses.id"]),
        Index("business_share_changes_from", "union_id", "from_id"),
        Index("business_share_changes_to", "union_id", "to_id"),
    )


def _posts(metadata: MetaData) -> None:
    Table(
        "business_posts",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("business_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("kind", Text, nullable=False, comment="manager, hire"),
        Column("under_id", Uuid, comment="the manager's post by which a hire was hired"),
        Column(
            "rights", JSONB, nullable=False, comment="of a hire: the limit of spend in minor units, or null"
        ),
        Column("appointed_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("begins_at", Timestamp, nullable=False),
        Column("until", Timestamp, nullable=False),
        Column("ended_at", Timestamp, comment="before its term"),
        Column("ended_by", Uuid, ForeignKey("members.id")),
        Column("why", Text, comment="dismissed, resigned, left, closed, from_above"),
        PrimaryKeyConstraint("union_id", "business_id", "id"),
        ForeignKeyConstraint(["union_id", "business_id"], ["businesses.union_id", "businesses.id"]),
        ForeignKeyConstraint(
            ["union_id", "business_id", "under_id"],
            ["business_posts.union_id", "business_posts.business_id", "business_posts.id"],
        ),
        Index("business_posts_of_member", "union_id", "member_id"),
        Index(
            "business_posts_open",
            "union_id",
            "business_id",
            "until",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


def _resolutions(metadata: MetaData) -> None:
    Table(
        "business_resolutions",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("business_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("kind", Text, nullable=False, comment="appoint, dismiss, close"),
        Column("member_id", Uuid, ForeignKey("members.id"), comment="whom it appoints or dismisses"),
        Column("term_seconds", Integer, comment="for how long it appoints"),
        Column("proposed_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("proposed_at", Timestamp, nullable=False),
        Column("expires_at", Timestamp, nullable=False),
        Column("passed_at", Timestamp),
        Column("passed_shares", BigInteger, comment="that approved when it passed"),
        PrimaryKeyConstraint("union_id", "business_id", "id"),
        Index("business_resolutions_of_member", "union_id", "proposed_by"),
        Index(
            "business_resolutions_open",
            "union_id",
            "business_id",
            "expires_at",
            postgresql_where=text("passed_at IS NULL"),
        ),
        ForeignKeyConstraint(["union_id", "business_id"], ["businesses.union_id", "businesses.id"]),
    )
    Table(
        "business_approvals",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("business_id", Uuid, nullable=False),
        Column("resolution_id", Uuid, nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("shares", BigInteger, nullable=False, comment="that the member had at that moment"),
        Column("approved_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "business_id", "resolution_id", "member_id"),
        Index("business_approvals_of_member", "union_id", "member_id"),
        ForeignKeyConstraint(
            ["union_id", "business_id", "resolution_id"],
            [
                "business_resolutions.union_id",
                "business_resolutions.business_id",
                "business_resolutions.id",
            ],
        ),
    )
