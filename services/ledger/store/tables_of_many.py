"""The tables of what is more than one transfer: runs and allotments."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

Timestamp = DateTime(timezone=True)

APPEND_ONLY_TABLES = ("run_lines", "run_refusals", "allotments")


def tables_of_many(metadata: MetaData) -> None:
    """Define them in the ledger's metadata."""
    Table(
        "runs",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("principal", Text, nullable=False, comment="PrincipalKind of the service whose run it is"),
        Column("lines_count", Integer, nullable=False),
        Column("lines_sha256", Text, nullable=False),
        Column("refused_line_rule", Text, nullable=False),
        Column("state", Text, nullable=False, comment="RunState"),
        Column("next_chunk", Integer, nullable=False),
        Column("posted_count", Integer, nullable=False),
        Column("refused_count", Integer, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("announced_at", Timestamp, nullable=False),
        Column("changed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "id"),
    )

    Table(
        "run_lines",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("run_id", Uuid, nullable=False),
        Column("index", Integer, nullable=False),
        Column("debit_account", Text, nullable=False),
        Column("credit_account", Text, nullable=False),
        Column("asset", Text, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        Column("code", Text, nullable=False),
        PrimaryKeyConstraint("union_id", "run_id", "index"),
    )

    Table(
        "run_refusals",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("run_id", Uuid, nullable=False),
        Column("index", Integer, nullable=False),
        Column("result", Text, nullable=False),
        PrimaryKeyConstraint("union_id", "run_id", "index"),
    )

    Table(
        "allotments",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("principal_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("terms", Text, nullable=False, comment="canonical JSON, without the memo"),
        Column("result", Text, nullable=False, comment="Result"),
        Column("parts_count", Integer, nullable=False),
        Column("allotted_at", Timestamp, nullable=False),
        Column("device_key_id", Text, comment="with nonce: the row of signed_acts; null: a service's"),
        Column("nonce", Text),
        PrimaryKeyConstraint("union_id", "principal_id", "id"),
    )
