"""The tables of the bridge. Amounts of the chain are text: they are larger than a bigint."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

Timestamp = DateTime(timezone=True)
APPEND_ONLY_TABLES = ("chain_attempts",)


def bridge_tables(metadata: MetaData) -> None:
    """Adds them to the ledger's."""
    Table(
        "bridges",
        metadata,
        Column("union_id", Uuid, primary_key=True),
        Column("chain_id", BigInteger, nullable=False),
        Column("state", Text, nullable=False, comment="BridgeState"),
        Column("vault", Text),
        Column("token", Text),
        Column("requested_by", Uuid, nullable=False),
        Column("requested_at", Timestamp, nullable=False),
        Column("opened_at", Timestamp),
        Column("indexed_number", BigInteger, nullable=False, comment="the last block that was read"),
    )
    Table(
        "chain_blocks",
        metadata,
        Column("chain_id", BigInteger, nullable=False),
        Column("number", BigInteger, nullable=False),
        Column("hash", Text, nullable=False),
        PrimaryKeyConstraint("chain_id", "number"),
    )
    _moving_tables(metadata)
    _sending_tables(metadata)


def _moving_tables(metadata: MetaData) -> None:
    """What comes in and what goes out."""
    Table(
        "deposits",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("transaction_hash", Text, nullable=False),
        Column("ordinal", Integer, nullable=False, comment="among the vault's deposits of the transaction"),
        Column("block_number", BigInteger, nullable=False),
        Column("block_hash", Text, comment="none: a fork took the block away, and no other has it yet"),
        Column("depositor", Text, nullable=False),
        Column("account_word", LargeBinary, nullable=False),
        Column("chain_amount", Text, nullable=False),
        Column("amount_minor", BigInteger),
        Column("state", Text, nullable=False, comment="DepositState"),
        Column("unclaimed", Text, comment="Unclaimed"),
        Column("transfer_id", Uuid),
        Column("member_id", Uuid),
        Column("seen_at", Timestamp, nullable=False),
        Column("credited_at", Timestamp),
        PrimaryKeyConstraint("union_id", "id"),
        UniqueConstraint("union_id", "transaction_hash", "ordinal"),
        Index("deposits_of_member", "union_id", "member_id", "id"),
    )
    Table(
        "withdrawals",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("member_id", Uuid, nullable=False),
        Column("account_id", Uuid, nullable=False),
        Column("recipient", Text, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        Column("state", Text, nullable=False, comment="WithdrawalState"),
        Column("transaction_hash", Text),
        Column("version", BigInteger, nullable=False),
        Column("requested_at", Timestamp, nullable=False),
        Column("changed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "id"),
        Index("withdrawals_of_member", "union_id", "member_id", "id"),
    )


def _sending_tables(metadata: MetaData) -> None:
    """What the operator sends: one row a purpose, one nonce each, any number of attempts."""
    Table(
        "chain_operators",
        metadata,
        Column("chain_id", BigInteger, nullable=False),
        Column("address", Text, nullable=False),
        Column("next_nonce", BigInteger, nullable=False),
        PrimaryKeyConstraint("chain_id", "address"),
    )
    Table(
        "chain_transactions",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("id", Uuid, nullable=False, comment="the withdrawal's, or the union's own for an opening"),
        Column("kind", Text, nullable=False, comment="TransactionKind"),
        Column("chain_id", BigInteger, nullable=False),
        Column("state", Text, nullable=False, comment="TransactionState"),
        Column("nonce", BigInteger),
        Column("attempts_count", Integer, nullable=False),
        Column("last_error", Text),
        Column("created_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "id"),
        Index(
            "chain_transactions_waiting", "chain_id", "created_at", postgresql_where=text("state = 'waiting'")
        ),
        Index(
            "chain_transactions_of_nonce",
            "chain_id",
            "nonce",
            unique=True,
            postgresql_where=text("nonce IS NOT NULL"),
        ),
    )
    Table(
        "chain_attempts",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("transaction_id", Uuid, nullable=False),
        Column("number", Integer, nullable=False),
        Column("nonce", BigInteger, nullable=False),
        Column("hash", Text, nullable=False),
        Column("signed", LargeBinary, nullable=False),
        Column("max_fee_wei", Text, nullable=False),
        Column("priority_fee_wei", Text, nullable=False),
        Column("signed_at", Timestamp, nullable=False),
        PrimaryKeyConstraint("union_id", "transaction_id", "number"),
    )
