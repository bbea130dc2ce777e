"""What everybody may see: the journal's entries and what is held of the union's asset."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.membership import UnionOfPath
from chassis.money import MINOR_MAX, MoneyView
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.errors import UnionNotInLedger
from services.ledger.domain.proofs import JournalLine
from services.ledger.store.assets import held_by_kind
from services.ledger.store.journal import entries_before

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class EntryView(BaseModel):
    """An entry of the journal. Its hash is over number, time, count, digest, supply and the hash before."""

    number: int = Field(examples=[4711])
    format: int
    time: datetime
    count: int = Field(description="Transfers in the entry.")
    last_sequence: int = Field(description="Of its last transfer.")
    digest: str = Field(
        description="In hex: the Merkle root (RFC 9162) over its transfers; in format 1 SHA-256 over them."
    )
    supply: str | None = Field(
        description="Issued of the asset after it, minor units; none in format 1.",
        examples=["GLD=10000000000000"],
    )
    previous_hash: str
    hash: str

    @classmethod
    def of(cls, line: JournalLine) -> "EntryView":
        return cls(
            number=line.number,
            format=line.format,
            time=line.time,
            count=line.count,
            last_sequence=line.last_sequence,
            digest=line.digest.hex(),
            supply=line.supply,
            previous_hash=line.previous_hash.hex(),
            hash=line.hash.hex(),
        )


class TotalsView(BaseModel):
    """The asset's supply and who holds it; `issued` is the sum of the others."""

    union_id: UUID
    issued: MoneyView
    treasury: MoneyView
    early_members: MoneyView
    members: MoneyView = Field(description="Held by members, free to spend.")
    businesses: MoneyView = Field(description="Held by businesses of members.")
    grants: MoneyView = Field(description="Joining grants, locked until an agreement is settled.")
    vesting: MoneyView = Field(description="Of the founder's share, not theirs yet.")
    escrow: MoneyView
    bridge: MoneyView = Field(description="Outside on a chain, or on its way there.")


@router.get("/journal", responses=problem_responses(400, 401, 404, 422, 503))
async def get_journal(unit: Unit, union: UnionOfPath, paging: Paging) -> Page[EntryView]:
    """The entries of the union's journal, the newest first."""
    before = MINOR_MAX if paging.after is None else _number(paging.after)
    lines = await entries_before(await unit.raw(), union.id, before, paging.limit)
    following = (lines[-1].number,) if lines and lines[-1].number > 1 else None
    return paging.page([EntryView.of(line) for line in lines], following)


@router.get("/totals", responses=problem_responses(400, 401, 404, 422, 503))
async def get_totals(unit: Unit, union: UnionOfPath) -> TotalsView:
    """Where the union's money is, by kind of account."""
    held = await held_by_kind(await unit.raw(), union.id, union.token.symbol)
    if not held:
        raise UnionNotInLedger(union.id)

    def view(kind: AccountKind) -> MoneyView:
        minor = held.get(kind, 0)
        return union.token.money(-minor if kind is AccountKind.ISSUANCE else minor).view()

    return TotalsView(
        union_id=union.id,
        issued=view(AccountKind.ISSUANCE),
        treasury=view(AccountKind.TREASURY),
        early_members=view(AccountKind.EARLY_MEMBERS),
        members=view(AccountKind.MEMBER),
        businesses=view(AccountKind.BUSINESS),
        grants=view(AccountKind.GRANT),
        vesting=view(AccountKind.VESTING),
        escrow=view(AccountKind.ESCROW),
        bridge=view(AccountKind.BRIDGE),
    )


def _number(after: tuple[str | int, ...]) -> int:
    (number,) = (int(value) for value in cursor_fields(after, int))
    if not 0 < number <= MINOR_MAX:
        raise Problem(CURSOR_INVALID)
    return number
