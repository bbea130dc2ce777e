"""Every event of the house, by type. An event that is not listed here cannot be published or consumed."""

from collections.abc import Mapping
from types import MappingProxyType

from events.assembly import DecisionPassed
from events.declaration import Event
from events.funding import (
    FundingNotice,
    PledgeMade,
    PledgeWithdrawn,
    ProjectPaid,
    ProjectRefunded,
    ProjectState,
)
from events.graph import BacklinkState, GraphNotice, VoiceState
from events.identity import (
    BusinessGrantState,
    BusinessState,
    CharterAmended,
    MemberErased,
    MemberNoticed,
    MembershipState,
    NoticeMade,
    OfficeGrantState,
    UnionState,
)
from events.ledger import (
    AssetIssued,
    DepositCredited,
    FreezeState,
    HoldChanged,
    LedgerEffect,
    LedgerNotice,
    MandateState,
    RunState,
    ScheduleState,
    TransferPosted,
    WithdrawalState,
)
from events.market import (
    AgreementPaid,
    AgreementRefunded,
    AgreementState,
    BidPlaced,
    BidWithdrawn,
    MarketNotice,
    OfferState,
)

_DECLARED: tuple[type[Event], ...] = (
    UnionState,
    CharterAmended,
    MembershipState,
    BusinessState,
    BusinessGrantState,
    OfficeGrantState,
    MemberErased,
    BacklinkState,
    VoiceState,
    OfferState,
    AgreementState,
    BidPlaced,
    BidWithdrawn,
    AgreementPaid,
    AgreementRefunded,
    AssetIssued,
    TransferPosted,
    HoldChanged,
    MandateState,
    ScheduleState,
    RunState,
    FreezeState,
    LedgerEffect,
    DepositCredited,
    WithdrawalState,
    DecisionPassed,
    ProjectState,
    ProjectPaid,
    ProjectRefunded,
    PledgeMade,
    PledgeWithdrawn,
    GraphNotice,
    MarketNotice,
    LedgerNotice,
    FundingNotice,
    NoticeMade,
    MemberNoticed,
)

CATALOGUE: Mapping[str, type[Event]] = MappingProxyType(
    {event.declaration.type: event for event in _DECLARED}
)


def event_class_of(event_type: str) -> type[Event] | None:
    """The class that reads events of this type, or None: consumers skip types that they do not know."""
    return CATALOGUE.get(event_type)
