"""The tables of supply: joining grants with their budgets, decisions carried out, why the ledger moved
what it did."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

Timestamp = DateTime(timezone=True)

APPEND_ONLY_TABLES = ("decision_effects", "supply_limits", "transfer_reasons")


def supply_tables(metadata: MetaData) -> None:
    """Define them in the ledger's metadata."""
    Table(
        "joining_grants",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("member_id", Uuid, nullable=False),
        Column("state", Text, nullable=False, comment="GrantState"),
        Column("day", Date, comment="the day whose budget pays"),
        Column("by_founder_invitation", Boolean, nullable=False),
        Column("settled_at", Timestamp, comment="when the member first settled an agreement"),
        Column("amount_minor", BigInteger),
        Column("changed_at", Timestamp, nullable=False),
        Column("number", BigInteger, comment="how many were given a day before it, and 1"),
        PrimaryKeyConstraint("union_id", "member_id"),
    )

    Table(
        "grant_budgets",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("day", Date, nullable=False),
        Column("taken_count", Integer, nullable=False),
        PrimaryKeyConstraint("union_id", "day"),
    )

    Table(
        "decision_effects",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("decision_id", Uuid, nullable=False),
        Column("effect", Text, nullable=False, comment="issue, burn"),
        Column("asset", Text),
        Column("amount_minor", BigInteger, nullable=False),
        Column("passed_at", Timestamp, nullable=False),
        Column("state", Text, nullable=False, comment="EffectState"),
        Column("refusal", Text, comment="EffectRefusal"),
        Column("settled_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "decision_id"),
    )

    Table(
        "supply_limits",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("limit_minor", BigInteger, nullable=False, comment="what its bridge's vault was given"),
        Column("set_at", Timestamp, nullable=False),
    )

    Table(
        "transfer_reasons",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("sequence", BigInteger, nullable=False),
        Column("charter_version", Integer, nullable=False),
        Column("figures", Text, nullable=False, comment="JSON: what the rule was computed from"),
        Column("decision_id", Uuid),
        PrimaryKeyConstraint("union_id", "sequence"),
    )
