"""The tables of the ledger. Transfers carry no foreign keys: the accounts were read under the head's lock."""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
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
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.membership import membership_tables
from chassis.migrations import ServiceSchema
from chassis.rights.tables import business_tables, rights_table
from services.ledger.bridge.store import tables as bridge
from services.ledger.store import business_tables as business
from services.ledger.store import supply_tables as supply
from services.ledger.store import tables_of_many as together
from services.ledger.store import treasury_tables as treasury
from services.ledger.store.export import EXPORTED
from services.ledger.store.personal import PERSONAL

ledger_metadata = MetaData()
Timestamp = DateTime(timezone=True)

APPEND_ONLY_TABLES = (
    "assets",
    "accounts",
    "transfer_rows",
    "principals",
    "refused_transfers",
    "transfer_memos",
    "transfer_acts",
    "transfer_particulars",
    "mandates",
    "schedules",
    "journal_entries",
    "journal_keys",
    "device_keys",
    "account_freezes",
    *bridge.APPEND_ONLY_TABLES,
    *supply.APPEND_ONLY_TABLES,
    *treasury.APPEND_ONLY_TABLES,
    *business.APPEND_ONLY_TABLES,
    *together.APPEND_ONLY_TABLES,
)

SCHEMA = ServiceSchema(
    "ledger",
    Path(__file__).parent / "migrations" / "versions",
    APPEND_ONLY_TABLES,
    PERSONAL,
    exported=EXPORTED,
)

unions, memberships = membership_tables(ledger_metadata)
office_grants = rights_table(ledger_metadata)
businesses, business_grants = business_tables(ledger_metadata)

assets = Table(
    "assets",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("symbol", Text, nullable=False),
    Column("scale", SmallInteger, nullable=False),
    Column("supply_minor", BigInteger, nullable=False),
    Column("issued_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "symbol"),
)

accounts = Table(
    "accounts",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("kind", Text, nullable=False, comment="AccountKind"),
    Column("asset", Text, nullable=False),
    Column("owner_id", Uuid, comment="the member of a member's account, the business of a business'"),
    Column("opened_by", Uuid, comment="principal id of the service that opened an escrow"),
    Column("resource", Text, comment="what an escrow belongs to: agreements/<id>, projects/<id>"),
    Column("payees", ARRAY(Uuid), nullable=False, comment="accounts that an escrow may pay, fixed"),
    Column("exit_to", Uuid, comment="to whom an escrow returns; none: to its contributors"),
    Column("opened_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "id"),
    UniqueConstraint("union_id", "number"),
    Index(
        "accounts_of_resource",
        "union_id",
        "resource",
        unique=True,
        postgresql_where=text("resource IS NOT NULL"),
    ),
    Index("accounts_of_owner", "owner_id", postgresql_where=text("owner_id IS NOT NULL")),
)

account_balances = Table(
    "account_balances",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("balance_minor", BigInteger, nullable=False),
    Column("last_sequence", BigInteger, nullable=False, comment="the account's newest transfer"),
    Column("may_be_negative", Boolean, nullable=False),
    Column("reserved_minor", BigInteger, nullable=False, server_default="0", comment="in pending holds"),
    Column("expected_minor", BigInteger, nullable=False, server_default="0", comment="of pending holds"),
    Column("frozen_until", Timestamp, comment="by the union; see account_freezes"),
    Column("closed_sequence", BigInteger, nullable=False, server_default="0", comment="what closed it, or 0"),
    Column("shut_at", Timestamp, comment="its business has closed: nothing is credited from then on"),
    PrimaryKeyConstraint("union_id", "number"),
    CheckConstraint(
        "reserved_minor >= 0 AND expected_minor >= 0 "
        "AND (balance_minor >= reserved_minor OR may_be_negative)",
        name="not_below_zero",
    ),
    postgresql_with={"fillfactor": 70},
)

account_freezes = Table(
    "account_freezes",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("account_number", BigInteger, nullable=False),
    Column("number", Integer, nullable=False, comment="of the account's freezes and thaws, from 1"),
    Column("at", Timestamp, nullable=False),
    Column("until", Timestamp, comment="null: it is thawed"),
    Column("reason", Text, comment="null: it is thawed"),
    Column("officer_id", Uuid, nullable=False),
    Column("device_key_id", Text, nullable=False, comment="with nonce: the row of signed_acts"),
    Column("nonce", Text, nullable=False),
    PrimaryKeyConstraint("union_id", "account_number", "number"),
)

journal_heads = Table(
    "journal_heads",
    ledger_metadata,
    Column("union_id", Uuid, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("time", Timestamp),
    Column("hash", LargeBinary, nullable=False),
    Column("union_number", Integer, Identity(always=True), nullable=False, comment="of transfer_rows"),
    UniqueConstraint("union_number"),
    postgresql_with={"fillfactor": 50},
)

journal_entries = Table(
    "journal_entries",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("format", SmallInteger, nullable=False),
    Column("time", Timestamp, nullable=False),
    Column("count", Integer, nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("supply", Text, comment="issued of each asset after it; null in format 1"),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("union_id", "number"),
)

journal_keys = Table(
    "journal_keys",
    ledger_metadata,
    Column("union_id", Uuid, primary_key=True),
    Column("salt_key", LargeBinary, nullable=False, comment="of the salts of its rows"),
)

# Read as the view `transfers`, which has ids in the place of the numbers of unions and principals. Numbers
# keep rows and keys narrow: a B-tree's leaves are half full where keys wider than two numbers rise in its
# middle.
transfer_rows = Table(
    "transfer_rows",
    ledger_metadata,
    Column("sequence", BigInteger, nullable=False),
    Column("entry_number", BigInteger, nullable=False),
    Column("debit_number", BigInteger, nullable=False),
    Column("credit_number", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("debit_previous", BigInteger, nullable=False, comment="the debit account's transfer before"),
    Column("credit_previous", BigInteger, nullable=False, comment="the credit account's transfer before"),
    Column("id", Uuid, nullable=False),
    Column("principal_number", BigInteger, nullable=False, comment="of principals: a principal in a union"),
    Column("union_number", Integer, nullable=False, comment="of journal_heads"),
    Column("code", SmallInteger, nullable=False),
    Column("flags", SmallInteger, nullable=False, server_default="0", comment="Flag"),
    PrimaryKeyConstraint("union_number", "sequence"),
    UniqueConstraint("id", "principal_number"),
    CheckConstraint("amount_minor > 0", name="amount_positive"),
)

principals = Table(
    "principals",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("number", BigInteger, Identity(always=True), nullable=False, comment="of transfer_rows"),
    PrimaryKeyConstraint("union_id", "id"),
    UniqueConstraint("number"),
)

refused_transfers = Table(
    "refused_transfers",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("principal_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("result", Text, nullable=False),
    Column("refused_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "principal_id", "id"),
)

transfer_memos = Table(
    "transfer_memos",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("memo", Text, comment="null once erased"),
    Column("salt", LargeBinary, comment="null once erased, and in format 1"),
    Column("commitment", LargeBinary, comment="SHA-256 over salt and memo; null in format 1"),
    PrimaryKeyConstraint("union_id", "sequence"),
)

transfer_acts = Table(
    "transfer_acts",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False, comment="the first transfer that the act allowed"),
    Column("last_sequence", BigInteger, nullable=False, comment="and the last: all in between are its"),
    Column("device_key_id", Text, nullable=False, comment="with nonce: the row of signed_acts"),
    Column("nonce", Text, nullable=False),
    PrimaryKeyConstraint("union_id", "sequence"),
)

transfer_particulars = Table(
    "transfer_particulars",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("timeout_seconds", Integer, comment="of a hold"),
    Column("pending_id", Uuid, comment="the hold of the debit account that it ends"),
    Column("mandate_id", Uuid, comment="the mandate or schedule of the debit account that it is by"),
    PrimaryKeyConstraint("union_id", "sequence"),
)

holds = Table(
    "holds",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("debit_number", BigInteger, nullable=False),
    Column("id", Uuid, nullable=False, comment="of the transfer that opened it"),
    Column("credit_number", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False, comment="of the transfer that opened it"),
    Column("amount_minor", BigInteger, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    Column("state", Text, nullable=False, comment="HoldState"),
    Column("taken_minor", BigInteger, nullable=False),
    Column("closed_sequence", BigInteger, comment="of the transfer that ended it"),
    PrimaryKeyConstraint("union_id", "debit_number", "id"),
    Index("holds_of_payer", "union_id", "debit_number", "sequence"),
    Index("holds_of_payee", "union_id", "credit_number", "sequence"),
    Index(
        "pending_holds_of_payer",
        "union_id",
        "debit_number",
        "expires_at",
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "pending_holds_of_payee",
        "union_id",
        "credit_number",
        "expires_at",
        postgresql_where=text("state = 'pending'"),
    ),
)

mandates = Table(
    "mandates",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("debit_number", BigInteger, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("payee_number", BigInteger, nullable=False),
    Column("cap_minor", BigInteger, nullable=False),
    Column("renews_every_days", Integer, comment="the cap is for so many days; null: for the whole time"),
    Column("given_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    Column("device_key_id", Text, nullable=False, comment="with nonce: the row of signed_acts that gave it"),
    Column("nonce", Text, nullable=False),
    PrimaryKeyConstraint("union_id", "debit_number", "id"),
    Index("mandates_of_payer", "union_id", "debit_number", "given_at", "id"),
    Index("mandates_of_payee", "union_id", "payee_number", "given_at", "id"),
    CheckConstraint("cap_minor > 0", name="cap_positive"),
)

mandate_uses = Table(
    "mandate_uses",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("debit_number", BigInteger, nullable=False),
    Column("mandate_id", Uuid, nullable=False),
    Column("period", Integer, nullable=False, comment="of the cap, from 0"),
    Column("used_minor", BigInteger, nullable=False, comment="in this period"),
    Column("revoked_at", Timestamp),
    Column("version", BigInteger, nullable=False),
    PrimaryKeyConstraint("union_id", "debit_number", "mandate_id"),
)

schedules = Table(
    "schedules",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("debit_number", BigInteger, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("credit_number", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("first_at", Timestamp, nullable=False),
    Column("every", Text, nullable=False, comment="Every"),
    Column("zone", Text, nullable=False, comment="IANA name: its local time is kept"),
    Column("times", Integer, comment="so often in all; null: until it is stopped"),
    Column("given_at", Timestamp, nullable=False),
    Column("device_key_id", Text, nullable=False, comment="with nonce: the row of signed_acts that gave it"),
    Column("nonce", Text, nullable=False),
    PrimaryKeyConstraint("union_id", "debit_number", "id"),
    Index("schedules_of_payer", "union_id", "debit_number", "given_at", "id"),
    CheckConstraint("amount_minor > 0", name="schedule_amount_positive"),
)

schedule_progress = Table(
    "schedule_progress",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("debit_number", BigInteger, nullable=False),
    Column("schedule_id", Uuid, nullable=False),
    Column("memo", Text),
    Column("next_number", Integer, nullable=False, comment="of the time that comes next, from 0"),
    Column("posted_count", Integer, nullable=False),
    Column("refused_count", Integer, nullable=False),
    Column("stopped_at", Timestamp),
    Column("version", BigInteger, nullable=False),
    PrimaryKeyConstraint("union_id", "debit_number", "schedule_id"),
)

contributions = Table(
    "contributions",
    ledger_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("escrow_number", BigInteger, nullable=False),
    Column("contributor_number", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False, comment="put in and not yet returned"),
    PrimaryKeyConstraint("union_id", "escrow_number", "contributor_number"),
    CheckConstraint("amount_minor >= 0", name="contribution_not_below_zero"),
)

device_keys = Table(
    "device_keys",
    ledger_metadata,
    Column("id", Text, nullable=False, comment="RFC 7638 thumbprint"),
    Column("valid_until", Timestamp, nullable=False),
    Column("valid_from", Timestamp, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("wallet_address", Text, comment="null where a passkey certified the key"),
    Column("certificate_message", Text, nullable=False),
    Column("certificate_signature", Text, nullable=False),
    Column("pinned_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("id", "valid_until"),
    Index("device_keys_of_member", "member_id"),
)

bridge.bridge_tables(ledger_metadata)
supply.supply_tables(ledger_metadata)
together.tables_of_many(ledger_metadata)
treasury.treasury_tables(ledger_metadata)
business.payment_tables(ledger_metadata)
