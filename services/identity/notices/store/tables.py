"""The tables of notices, and of where and when members are told of them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

Timestamp = DateTime(timezone=True)


def notice_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    _notices(metadata)
    _choices(metadata)
    _addresses(metadata)


def _notices(metadata: MetaData) -> None:
    Table(
        "notices",
        metadata,
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("notice_id", Uuid, nullable=False),
        Column("union_id", Uuid, ForeignKey("unions.id"), comment="NULL: about the member's own account"),
        Column("kind", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("actor_id", Uuid, comment="whose doing the newest of them was"),
        Column("happened_count", Integer, nullable=False, comment="how often, since it was last read"),
        Column("made_at", Timestamp, nullable=False),
        Column("read_at", Timestamp),
        Column(
            "number", BigInteger, Identity(always=True), nullable=False, comment="anew when it happens again"
        ),
        PrimaryKeyConstraint("member_id", "notice_id"),
        Index(
            "notices_unread_once",
            "member_id",
            "union_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("notices_by_age", "made_at"),
    )


def _choices(metadata: MetaData) -> None:
    Table(
        "notice_choices",
        metadata,
        Column("member_id", Uuid, ForeignKey("members.id"), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("language", Text, nullable=False),
        Column("zone", Text, nullable=False, comment="of the IANA database"),
        Column("quiet_from", Text, comment="HH:MM in the zone"),
        Column("quiet_until", Text, comment="HH:MM in the zone"),
        Column("digest_at", Text, comment="HH:MM in the zone; NULL: at once"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="notice_choices_quiet_whole"),
    )


def _addresses(metadata: MetaData) -> None:
    Table(
        "notice_addresses",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("kind", Text, nullable=False, comment="ChannelKind"),
        Column("target", Text, nullable=False, comment="an e-mail address, or a URL of a push service"),
        Column("token", Text, comment="ends e-mail there, and nothing else"),
        Column("named_at", Timestamp, nullable=False),
        Column("device_key_id", Text, ForeignKey("device_keys.id"), comment="of a browser"),
        Column("p256dh", Text, comment="a browser's public key"),
        Column("auth", Text, comment="a browser's secret for us"),
        Column("code", Text, comment="sent to be confirmed: it has to be readable until then"),
        Column("code_expires_at", Timestamp),
        Column("code_tries_left", Integer),
        Column("confirmed_at", Timestamp),
        Column("told_number", BigInteger, nullable=False, comment="notices up to it are done with"),
        Column("told_at", Timestamp),
        Column("due_at", Timestamp, comment="of the next message"),
        Column("leased_until", Timestamp, comment="a process sends there until then"),
        Column("failures_count", Integer, nullable=False, comment="one after the other"),
        Column("fault", Text, comment="why the last message was not taken"),
        UniqueConstraint("token", name="notice_addresses_of_token"),
        Index(
            "notice_addresses_one_email",
            "member_id",
            unique=True,
            postgresql_where=text("kind = 'email'"),
        ),
        Index(
            "notice_addresses_one_browser",
            "device_key_id",
            unique=True,
            postgresql_where=text("kind = 'push'"),
        ),
        Index("notice_addresses_of_member", "member_id"),
        Index("notice_addresses_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )
