"""The market's tables, and its projection of unions and memberships."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE memberships (
    union_id UUID NOT NULL,
    member_id UUID NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    role TEXT NOT NULL,
    charter_version INTEGER NOT NULL,
    by_founder_invitation BOOLEAN NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, member_id)
);
CREATE TABLE offers (
    union_id UUID NOT NULL,
    offer_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner_id UUID NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    asset TEXT NOT NULL,
    asset_scale SMALLINT NOT NULL,
    price_minor BIGINT NOT NULL,
    review_seconds INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, offer_id),
    CONSTRAINT offers_price_positive CHECK (price_minor > 0)
);
CREATE INDEX offers_by_owner ON offers (union_id, owner_id, offer_id);
CREATE INDEX offers_by_state ON offers (union_id, state, offer_id);
CREATE TABLE unions (
    union_id UUID NOT NULL,
    version BIGINT NOT NULL,
    slug TEXT NOT NULL,
    state TEXT NOT NULL,
    founder_id UUID NOT NULL,
    token_symbol TEXT NOT NULL,
    token_scale INTEGER NOT NULL,
    charter_version INTEGER NOT NULL,
    charter_hash TEXT NOT NULL,
    parameters JSONB NOT NULL,
    founded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id)
);
CREATE INDEX unions_by_slug ON unions (slug);
CREATE TABLE agreements (
    union_id UUID NOT NULL,
    agreement_id UUID NOT NULL,
    offer_id UUID NOT NULL,
    employer_id UUID NOT NULL,
    worker_id UUID NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    asset TEXT NOT NULL,
    asset_scale SMALLINT NOT NULL,
    price_minor BIGINT NOT NULL,
    delivery_seconds INTEGER NOT NULL,
    review_seconds INTEGER NOT NULL,
    agreed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    funded_at TIMESTAMP WITH TIME ZONE,
    delivery_due_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    delivery_note TEXT,
    review_due_at TIMESTAMP WITH TIME ZONE,
    cancellation_proposed_at TIMESTAMP WITH TIME ZONE,
    settled_at TIMESTAMP WITH TIME ZONE,
    refusal TEXT,
    PRIMARY KEY (union_id, agreement_id),
    FOREIGN KEY(union_id, offer_id) REFERENCES offers (union_id, offer_id),
    CONSTRAINT agreements_price_positive CHECK (price_minor > 0),
    CONSTRAINT agreements_two_parties CHECK (employer_id <> worker_id)
);
CREATE INDEX agreements_by_employer ON agreements (union_id, employer_id, agreement_id);
CREATE INDEX agreements_by_settlement ON agreements (union_id, settled_at, state, price_minor);
CREATE INDEX agreements_by_worker ON agreements (union_id, worker_id, agreement_id);
CREATE UNIQUE INDEX agreements_one_live_per_offer ON agreements (union_id, offer_id)
    WHERE state NOT IN ('unfunded', 'cancelled');
CREATE TABLE bids (
    union_id UUID NOT NULL,
    bid_id UUID NOT NULL,
    offer_id UUID NOT NULL,
    bidder_id UUID NOT NULL,
    state TEXT NOT NULL,
    asset TEXT NOT NULL,
    asset_scale SMALLINT NOT NULL,
    price_minor BIGINT NOT NULL,
    delivery_seconds INTEGER NOT NULL,
    message TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (union_id, bid_id),
    FOREIGN KEY(union_id, offer_id) REFERENCES offers (union_id, offer_id),
    CONSTRAINT bids_price_positive CHECK (price_minor > 0)
);
CREATE INDEX bids_by_bidder ON bids (union_id, bidder_id, bid_id);
CREATE INDEX bids_by_offer ON bids (union_id, offer_id, bid_id);
CREATE UNIQUE INDEX bids_one_live_per_bidder ON bids (union_id, offer_id, bidder_id)
    WHERE state IN ('open', 'accepted');
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("the first tables are not taken back: restore a backup instead")
