"""The tables of operators: what is written in them stays."""

from sqlalchemy import (
    Boolean,
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
OPERATOR_TABLES = (
    "operator_changes",
    "operator_acts",
    "operator_act_unions",
    "operator_appeals",
    "operator_rulings",
)
"""All of them append-only."""


def operator_tables(metadata: MetaData) -> None:
    """Adds them to identity's."""
    Table(
        "operator_changes",
        metadata,
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("number", Integer, nullable=False),
        Column("is_operator", Boolean, nullable=False, comment="from then on, until the next number"),
        Column("because", Text, nullable=False, comment="what was said on the machine"),
        Column("changed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("member_id", "number"),
    )
    Table(
        "operator_acts",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("operator_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("power", Text, nullable=False, comment="see domain/powers.py"),
        Column("member_id", Uuid, ForeignKey("members.id"), comment="whom it is about"),
        Column("union_id", Uuid, ForeignKey("unions.id"), comment="or which union"),
        Column("picture", LargeBinary, comment="SHA-256 of the picture that is not shown"),
        Column("ground", Text, nullable=False, comment="public"),
        Column("made_at", Timestamp, nullable=False),
        Column("until", Timestamp, comment="of a lock"),
        Column("device_key_id", Text, nullable=False, comment="with the nonce: the signed act that it is"),
        Column("nonce", Text, nullable=False),
        Index("operator_acts_on_member", "member_id", "id"),
        Index("operator_acts_on_union", "union_id", "id"),
    )
    Table(
        "operator_act_unions",
        metadata,
        Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
        Column("act_id", Uuid, ForeignKey("operator_acts.id"), nullable=False),
        PrimaryKeyConstraint("union_id", "act_id"),
    )
    Table(
        "operator_appeals",
        metadata,
        Column("act_id", Uuid, ForeignKey("operator_acts.id"), primary_key=True),
        Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("words", Text, nullable=False, comment="what the member says"),
        Column("appealed_at", Timestamp, nullable=False),
        Column("decide_by", Timestamp, nullable=False, comment="from then on it is won"),
    )
    Table(
        "operator_rulings",
        metadata,
        Column("act_id", Uuid, ForeignKey("operator_acts.id"), nullable=False),
        Column("kind", Text, nullable=False, comment="undone, upheld, reversed"),
        Column("operator_id", Uuid, ForeignKey("members.id"), nullable=False),
        Column("reasons", Text, nullable=False, comment="public"),
        Column("ruled_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("act_id", "kind"),
        Index(
            "operator_rulings_one_decision", "act_id", unique=True, postgresql_where=text("kind <> 'undone'")
        ),
        Index("operator_rulings_one_end", "act_id", unique=True, postgresql_where=text("kind <> 'upheld'")),
    )
