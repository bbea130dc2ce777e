"""The tables of admission."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

Timestamp = DateTime(timezone=True)

PERSONAL_COLUMNS = {
    "invitees.name": "until they join, their link expires or the list is ended",
    "invitees.email": "until the message is taken or given up, and no longer than the name",
    "invitees.row_key": "a keyed hash of the address, until the link expires or the list is ended",
    "applications.answers": "until half a year after the last decision",
    "applications.ground": "as long as the answers",
    "applications.appeal": "as long as the answers",
    "admission_proofs.way": "of who is not in, until half a year after they proved it",
    "email_stops.person_key": "a keyed hash of an address that wants no invitations, kept for that",
}
"""What is kept of persons, and how long."""


def admission_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    _lists(metadata)
    _invitees(metadata)
    _applications(metadata)
    _vouches(metadata)
    _proofs(metadata)
    _growth_targets(metadata)


def _lists(metadata: MetaData) -> None:
    Table(
        "invitation_lists",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("made_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("by_founder", Boolean, nullable=False),
        Column("format", Text, nullable=False, comment="list, discourse, mastodon"),
        Column("language", Text, nullable=False, comment="of its messages"),
        Column("sends_email", Boolean, nullable=False),
        Column("rows_max", Integer, nullable=False, comment="links that its maker signed for"),
        Column("made_count", Integer, nullable=False),
        Column("refused_count", Integer, nullable=False),
        Column("created_at", Timestamp, nullable=False),
        Column("expires_at", Timestamp, nullable=False),
        Column("mail_due_at", Timestamp, nullable=False, comment="of its last message so far"),
        Column("ended_at", Timestamp),
        PrimaryKeyConstraint("union_id", "id"),
    )
    Table(
        "invitation_list_refusals",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("list_id", Uuid, nullable=False),
        Column("line", Integer, nullable=False),
        Column("ground", Text, nullable=False),
        PrimaryKeyConstraint("union_id", "list_id", "line"),
        ForeignKeyConstraint(["union_id", "list_id"], ["invitation_lists.union_id", "invitation_lists.id"]),
    )


def _invitees(metadata: MetaData) -> None:
    Table(
        "invitees",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("invitation_id", Uuid, nullable=False),
        Column("list_id", Uuid, nullable=False),
        Column("line", Integer, nullable=False, comment="of the file, from 1"),
        Column("row_key", LargeBinary, comment="HMAC-SHA256 of who it is, under the deployment's key"),
        Column("name", Text),
        Column("email", Text),
        Column("forget_at", Timestamp, comment="when name, address and key go; NULL: they are gone"),
        Column("mail_due_at", Timestamp, comment="NULL: no message waits"),
        Column("leased_until", Timestamp, comment="a process sends it until then"),
        Column("mail_failures_count", SmallInteger, nullable=False, server_default=text("0")),
        Column("mail_fault", Text, comment="why the last message was not taken"),
        Column("mailed_at", Timestamp),
        Column("opened_at", Timestamp),
        Column("joined_at", Timestamp),
        Column("member_id", Uuid, ForeignKey("members.id"), comment="who joined by it"),
        PrimaryKeyConstraint("union_id", "invitation_id"),
        UniqueConstraint("union_id", "list_id", "line", name="invitees_by_line"),
        ForeignKeyConstraint(["union_id", "invitation_id"], ["invitations.union_id", "invitations.id"]),
        ForeignKeyConstraint(["union_id", "list_id"], ["invitation_lists.union_id", "invitation_lists.id"]),
        Index(
            "invitees_once", "union_id", "row_key", unique=True, postgresql_where=text("row_key IS NOT NULL")
        ),
        Index("invitees_due", "mail_due_at", postgresql_where=text("mail_due_at IS NOT NULL")),
        Index("invitees_to_forget", "forget_at", postgresql_where=text("forget_at IS NOT NULL")),
    )
    Table(
        "email_stops",
        metadata,
        Column("person_key", LargeBinary, primary_key=True, comment="HMAC-SHA256, as in invitees"),
        Column("stopped_at", Timestamp, nullable=False),
    )


def _applications(metadata: MetaData) -> None:
    Table(
        "admission_questions",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("questions", JSONB, nullable=False, comment="a list of texts, at most a setting's number"),
        Column("set_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("set_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id"),
    )
    Table(
        "applications",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("applicant_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("state", Text, nullable=False, comment="applied, waiting, admitted, refused, withdrawn"),
        Column("answers", JSONB, comment="question and answer of each; NULL once forgotten"),
        Column("charter_version", Integer, nullable=False, comment="that was accepted with it"),
        Column("charter_hash", Text, nullable=False),
        Column("applied_at", Timestamp, nullable=False),
        Column("decided_by", Uuid, ForeignKey("members.id")),
        Column("decided_at", Timestamp),
        Column("ground", Text, comment="of a refusal, for the applicant"),
        Column("appeal", Text, comment="what they say against it; once"),
        Column("appealed_at", Timestamp),
        Column("waiting_since", Timestamp),
        Column("joined_at", Timestamp, comment="of the membership that began by it"),
        PrimaryKeyConstraint("union_id", "id"),
        Index(
            "applications_one_open",
            "union_id",
            "applicant_id",
            unique=True,
            postgresql_where=text(
                "state IN ('applied', 'waiting') OR state = 'admitted' AND joined_at IS NULL"
            ),
        ),
        Index("applications_of_applicant", "union_id", "applicant_id", "id"),
        Index("applications_by_state", "union_id", "state", "id"),
        Index(
            "applications_waiting",
            "union_id",
            "waiting_since",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("applications_to_forget", "decided_at", postgresql_where=text("answers IS NOT NULL")),
    )
    Table(
        "admission_days",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("day", Date, nullable=False, comment="of UTC"),
        Column("admitted_count", Integer, nullable=False, comment="applications"),
        PrimaryKeyConstraint("union_id", "day"),
    )


def _vouches(metadata: MetaData) -> None:
    Table(
        "vouches",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("vouched_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("voucher_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("vouched_at", Timestamp, nullable=False),
        Column("withdrawn_at", Timestamp),
        Column("joined_at", Timestamp, comment="of the membership that it helped to begin"),
        PrimaryKeyConstraint("union_id", "vouched_id", "voucher_id", "vouched_at"),
        Index(
            "vouches_open_once",
            "union_id",
            "vouched_id",
            "voucher_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL AND joined_at IS NULL"),
        ),
        Index("vouches_of_voucher", "union_id", "voucher_id", "vouched_at", "vouched_id"),
    )


def _proofs(metadata: MetaData) -> None:
    Table(
        "admission_proofs",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("way", Text, nullable=False, comment="of the rule: a credential or a token"),
        Column("proven_at", Timestamp, nullable=False),
        Column("valid_until", Timestamp, comment="NULL: without an end"),
        Column("digest", LargeBinary, comment="SHA-256 of what a credential's issuer signed"),
        Column("block_number", BigInteger, comment="of the chain, at which a balance was seen"),
        Column("unneeded_since", Timestamp, comment="NULL: a membership rests on it"),
        PrimaryKeyConstraint("union_id", "member_id", "way"),
        Index(
            "admission_proofs_once",
            "union_id",
            "way",
            "digest",
            unique=True,
            postgresql_where=text("digest IS NOT NULL"),
        ),
        Index(
            "admission_proofs_unneeded",
            "unneeded_since",
            postgresql_where=text("unneeded_since IS NOT NULL"),
        ),
        Index("admission_proofs_of_member", "member_id"),
    )


def _growth_targets(metadata: MetaData) -> None:
    Table(
        "growth_targets",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("id", Uuid, nullable=False),
        Column("members", Integer, nullable=False, comment="so many are wanted"),
        Column("due_on", Date, nullable=False, comment="by the end of this day of UTC"),
        Column("set_by", Uuid, ForeignKey("members.id"), nullable=False),
        Column("set_at", Timestamp, nullable=False),
        Column("began_count", Integer, nullable=False, comment="active members then"),
        Column("state", Text, nullable=False, comment="open, reached, missed, withdrawn"),
        Column("ended_at", Timestamp),
        Column("ended_count", Integer, comment="active members at its end"),
        PrimaryKeyConstraint("union_id", "id"),
    )
