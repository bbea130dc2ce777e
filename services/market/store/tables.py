"""The market's tables. Every key begins with the union; ids are unique within a union."""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from chassis.files.tables import file_tables
from chassis.membership import membership_tables
from chassis.migrations import ServiceSchema
from services.market.store.export import EXPORTED
from services.market.store.personal import PERSONAL

SCHEMA = ServiceSchema(
    "market", Path(__file__).parent / "migrations" / "versions", personal=PERSONAL, exported=EXPORTED
)

market_metadata = MetaData()
unions, memberships = membership_tables(market_metadata)
file_contents, files = file_tables(market_metadata)
Timestamp = DateTime(timezone=True)

offers = Table(
    "offers",
    market_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("offer_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("asset_scale", SmallInteger, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("review_seconds", Integer, nullable=False),
    Column("made_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "offer_id"),
    CheckConstraint("price_minor > 0", name="offers_price_positive"),
    Index("offers_by_state", "union_id", "state", "offer_id"),
    Index("offers_by_owner", "union_id", "owner_id", "offer_id"),
)

bids = Table(
    "bids",
    market_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("bid_id", Uuid, nullable=False),
    Column("offer_id", Uuid, nullable=False),
    Column("bidder_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("asset_scale", SmallInteger, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("delivery_seconds", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("made_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("union_id", "bid_id"),
    ForeignKeyConstraint(["union_id", "offer_id"], ["offers.union_id", "offers.offer_id"]),
    CheckConstraint("price_minor > 0", name="bids_price_positive"),
    Index("bids_by_offer", "union_id", "offer_id", "bid_id"),
    Index("bids_by_bidder", "union_id", "bidder_id", "bid_id"),
    Index(
        "bids_one_live_per_bidder",
        "union_id",
        "offer_id",
        "bidder_id",
        unique=True,
        postgresql_where=text("state IN ('open', 'accepted')"),
    ),
)

agreements = Table(
    "agreements",
    market_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("agreement_id", Uuid, nullable=False, comment="the id of the accepted bid"),
    Column("offer_id", Uuid, nullable=False),
    Column("employer_id", Uuid, nullable=False),
    Column("worker_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("asset_scale", SmallInteger, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("delivery_seconds", Integer, nullable=False),
    Column("review_seconds", Integer, nullable=False),
    Column("agreed_at", Timestamp, nullable=False),
    Column("funded_at", Timestamp),
    Column("delivery_due_at", Timestamp),
    Column("delivered_at", Timestamp),
    Column("delivery_note", Text),
    Column("review_due_at", Timestamp),
    Column("cancellation_proposed_at", Timestamp),
    Column("settled_at", Timestamp),
    Column("refusal", Text),
    PrimaryKeyConstraint("union_id", "agreement_id"),
    ForeignKeyConstraint(["union_id", "offer_id"], ["offers.union_id", "offers.offer_id"]),
    CheckConstraint("price_minor > 0", name="agreements_price_positive"),
    CheckConstraint("employer_id <> worker_id", name="agreements_two_parties"),
    Index("agreements_by_employer", "union_id", "employer_id", "agreement_id"),
    Index("agreements_by_worker", "union_id", "worker_id", "agreement_id"),
    Index("agreements_by_settlement", "union_id", "settled_at", "state", "price_minor"),
    Index(
        "agreements_one_live_per_offer",
        "union_id",
        "offer_id",
        unique=True,
        postgresql_where=text("state NOT IN ('unfunded', 'cancelled')"),
    ),
)
