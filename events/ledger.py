"""What the ledger publishes: issues, posted transfers and holds (never whose accounts), mandates, runs and
effects of decisions."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from events.declaration import (
    AssetSymbol,
    Audience,
    Count,
    Declaration,
    Event,
    Id,
    Minor,
    Moment,
    StateEvent,
    Word,
    fact,
    state,
)
from events.notices import NOTICE_KEY, NoticeRequested

MAX_TRANSFERS_PER_EVENT = 1_000
_OBJECT = TypeAdapter(dict[str, Any])


class AssetIssued(Event):
    """A union's asset and the supply of its genesis."""

    declaration: ClassVar[Declaration] = fact(
        "asset.issued", "ledger", ("union_id", "asset"), Audience.PUBLIC
    )

    union_id: Id
    asset: AssetSymbol
    scale: int = Field(ge=0, le=18)
    supply_minor: Minor
    issued_at: Moment


class PostedTransfer(BaseModel):
    """One transfer of an entry: what moved, not between whom."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Id
    code: Word
    asset: AssetSymbol
    minor: Minor


class TransferPosted(Event):
    """Transfers of one journal entry; an entry of more than 1,000 comes in several events, in order."""

    declaration: ClassVar[Declaration] = fact("transfer.posted", "ledger", ("union_id",), Audience.UNION)

    union_id: Id
    entry_number: int = Field(ge=1)
    posted_at: Moment
    transfers: Annotated[tuple[PostedTransfer, ...], Field(min_length=1, max_length=MAX_TRANSFERS_PER_EVENT)]

    @classmethod
    def of_rows(
        cls, entry: tuple[Id, int, Moment], rows: Iterable[tuple[Id | str, str, str, int]]
    ) -> tuple[Self, bytes]:
        """The event without its transfers, and its JSON with them: a model of each would cost more than
        its posting. `entry`: union, number and time; `rows`: id, code, asset and minor units."""
        union_id, entry_number, posted_at = entry
        event = cls.model_construct(
            union_id=union_id, entry_number=entry_number, posted_at=posted_at, transfers=()
        )
        transfers = [
            {"id": transfer_id, "code": code, "asset": asset, "minor": str(amount_minor)}
            for transfer_id, code, asset, amount_minor in rows
        ]
        named = {"union_id": union_id, "entry_number": entry_number, "posted_at": posted_at}
        return event, _OBJECT.dump_json(named | {"transfers": transfers})


class ChangedHold(BaseModel):
    """A hold of an entry: what is reserved, not by whom or for whom.

    States: pending; posted (taken, in part or in full: the rest went back), voided, expired.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Id
    state: Word
    asset: AssetSymbol
    minor: Minor
    taken_minor: Minor


class HoldChanged(Event):
    """Holds that were opened or ended by a journal entry; what was taken is in `transfer.posted` besides."""

    declaration: ClassVar[Declaration] = fact("hold.changed", "ledger", ("union_id",), Audience.UNION)

    union_id: Id
    entry_number: int = Field(ge=1)
    changed_at: Moment
    holds: Annotated[tuple[ChangedHold, ...], Field(min_length=1, max_length=MAX_TRANSFERS_PER_EVENT)]


class MandateState(StateEvent):
    """What a member lets another one take from their account. States: active, revoked; it ends by itself at
    `expires_at`."""

    declaration: ClassVar[Declaration] = state(
        "mandate",
        "ledger",
        ("union_id", "payer_id", "mandate_id"),
        Audience.MEMBERS_NAMED,
        ("payer_id", "payee_id"),
    )

    union_id: Id
    payer_id: Id
    mandate_id: Id
    payee_id: Id
    state: Word
    asset: AssetSymbol
    cap_minor: Minor
    renews_every_days: int | None = Field(None, ge=1)
    expires_at: Moment


class ScheduleState(StateEvent):
    """Payments that a member fixed ahead. States: active, done, stopped; `next_due` while it is active."""

    declaration: ClassVar[Declaration] = state(
        "schedule",
        "ledger",
        ("union_id", "payer_id", "schedule_id"),
        Audience.MEMBERS_NAMED,
        ("payer_id",),
    )

    union_id: Id
    payer_id: Id
    schedule_id: Id
    state: Word
    asset: AssetSymbol
    minor: Minor
    posted_count: Count
    refused_count: Count
    next_due: Moment | None = None


class RunState(StateEvent):
    """A frozen list of transfers being posted in chunks.

    States: collecting, posting, finished; refused (other lines than announced), stopped (at a refused line).
    """

    declaration: ClassVar[Declaration] = state("run", "ledger", ("union_id", "run_id"), Audience.OFFICERS)

    union_id: Id
    run_id: Id
    state: Word
    lines_count: Count
    posted_count: Count
    refused_count: Count


class LedgerEffect(Event):
    """What came of a decision's effect on the supply.

    States: done; refused, with `refusal`: malformed, wrong_asset, supply_is_fixed, supply_out_of_bounds,
    beyond_the_vault, insufficient_funds.
    """

    declaration: ClassVar[Declaration] = fact(
        "decision.effect.ledger", "ledger", ("union_id", "decision_id"), Audience.UNION
    )

    union_id: Id
    decision_id: Id
    effect: Word
    state: Word
    refusal: Word | None = None
    settled_at: Moment


class FreezeState(StateEvent):
    """An account that the union has frozen. States: frozen, until its time has come by itself; thawed."""

    declaration: ClassVar[Declaration] = state(
        "freeze", "ledger", ("union_id", "account_id"), Audience.MEMBERS_NAMED, ("member_id",)
    )

    union_id: Id
    account_id: Id
    member_id: Id
    state: Word
    until: Moment | None = None


class DepositCredited(Event):
    """A deposit on the chain, final there, and credited to a member of the union."""

    declaration: ClassVar[Declaration] = fact(
        "deposit.credited", "ledger", ("union_id", "deposit_id"), Audience.MEMBERS_NAMED, ("member_id",)
    )

    union_id: Id
    deposit_id: Id
    member_id: Id
    asset: AssetSymbol
    minor: Minor
    credited_at: Moment


class WithdrawalState(StateEvent):
    """An amount on its way to the chain.

    States: requested, sent, final; returned (it can never be paid, and the money is back).
    """

    declaration: ClassVar[Declaration] = state(
        "withdrawal", "ledger", ("union_id", "withdrawal_id"), Audience.MEMBERS_NAMED, ("member_id",)
    )

    union_id: Id
    withdrawal_id: Id
    member_id: Id
    state: Word
    asset: AssetSymbol
    minor: Minor
    changed_at: Moment


class LedgerNotice(NoticeRequested):
    """Kinds: payment.received; hold.received, hold.taken, hold.released; mandate.received, mandate.used,
    mandate.revoked; schedule.refused; account.frozen, account.thawed."""

    declaration: ClassVar[Declaration] = fact(
        "notice.requested.ledger", "ledger", NOTICE_KEY, Audience.SERVICES
    )
